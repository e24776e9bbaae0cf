#include "apps/gradus/cli/version.hpp"

namespace gradus::app {

const char* const version = GRADUS_VERSION;

}  // namespace gradus::app
