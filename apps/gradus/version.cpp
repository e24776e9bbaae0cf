#include "apps/gradus/version.hpp"

namespace gradus::app {

const char* const version = GRADUS_VERSION;

}  // namespace gradus::app
