# What doxygen reads of a header: the comment at its top, which `#pragma once` ends, is its page's.
1,/^#pragma once/ {
  s,^//,///,
  s,^#pragma once,/// @file,
}
# A dot before a blank ends the brief description, but not after "et al".
/\/\/\// s,\bal\.\( \|$\),al.\\ ,g
