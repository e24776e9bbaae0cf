# Debian packages made by `cpack`: libgradus-dev from the component "library", gradus from "programs".
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Gradus authors")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

# The library needs the major version of fmt with which it was compiled.
string(REGEX MATCH "^[0-9]+" fmt_major ${fmt_VERSION})
math(EXPR fmt_next "${fmt_major} + 1")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libgradus-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS
  "libfmt-dev (>= ${fmt_major}), libfmt-dev (<< ${fmt_next}), zlib1g-dev")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "libpng-dev, libjpeg-dev, libwebp-dev")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "For programs in C++20: headers, a static library, and
files for CMake and pkg-config.")

set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME gradus)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS "libopenblas0")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "dataset-fashion-mnist")
set(CPACK_DEBIAN_PROGRAMS_DESCRIPTION "For the command line: trains networks on images, predicts
with them, searches hyperparameters, and measures what the literature claims.")

# Variables for PackageCheck.cmake, which checks the build before packing.
set(CPACK_GRADUS_NATIVE ${GRADUS_NATIVE})
set(CPACK_GRADUS_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/PackageCheck.cmake)
include(CPack)
