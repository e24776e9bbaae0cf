# Installs the library and its descriptions for find_package(gradus COMPONENTS …), pkg-config and packages (cpack). The
# components "library" and "programs" are the packages libgradus-dev and gradus.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gradus)

target_include_directories(gradus INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/gradus>)
install(TARGETS gradus EXPORT gradusTargets COMPONENT library)
install(EXPORT gradusTargets NAMESPACE gradus:: DESTINATION ${package_dir} COMPONENT library)
# Descriptions contain relative paths, so that the installed folder can be moved.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/gradus.pc.in gradus.pc @ONLY)
set(descriptions ${PROJECT_BINARY_DIR}/gradus.pc)
if(GRADUS_IMAGES)
  set(rsvg_requires)
  if(RSVG_FOUND)
    set(rsvg_requires ", librsvg-2.0")
  endif()
  foreach(part Images Pictures)
    string(TOLOWER ${part} name)
    install(TARGETS gradus_${name} EXPORT gradus${part}Targets COMPONENT library)
    install(EXPORT gradus${part}Targets NAMESPACE gradus:: DESTINATION ${package_dir} COMPONENT library)
    configure_file(cmake/gradus-${name}.pc.in gradus-${name}.pc @ONLY)
    list(APPEND descriptions ${PROJECT_BINARY_DIR}/gradus-${name}.pc)
  endforeach()
  install(FILES apps/pictures/axis.hpp apps/pictures/chart.hpp apps/pictures/colours.hpp apps/pictures/confusion.hpp
    apps/pictures/plot.hpp apps/pictures/regions.hpp apps/pictures/sheet.hpp
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradus/apps/pictures COMPONENT library)
  install(FILES cmake/FindWebP.cmake DESTINATION ${package_dir} COMPONENT library)
endif()
install(FILES ${descriptions} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)

foreach(room core layers optim data train)
  install(DIRECTORY ${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradus COMPONENT library
    FILES_MATCHING PATTERN *.hpp PATTERN json.hpp EXCLUDE)
endforeach()
install(FILES gradus.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradus COMPONENT library)
configure_package_config_file(cmake/gradusConfig.cmake.in gradusConfig.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(gradusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gradusConfig.cmake ${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT library)

install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libgradus-dev COMPONENT library)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/gradus COMPONENT programs)
