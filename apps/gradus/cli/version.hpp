// version: the number of this Gradus, as CMakeLists.txt has it.
#pragma once

namespace gradus::app {

extern const char* const version;

}  // namespace gradus::app
