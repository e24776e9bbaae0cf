// escaped: a text as a part of SVG and HTML; base64: bytes as one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::pictures {

/// `text` as the content of an element or between an attribute's quotes; what is longer than `most`
/// characters is cut and ends in an ellipsis. Bytes that are no UTF-8, and control characters but
/// tabs and line ends, become U+FFFD.
std::string escaped(std::string_view text, std::size_t most = std::string_view::npos);

/// In the alphabet of RFC 4648, padded: what follows "data:image/png;base64,".
std::string base64(std::string_view bytes);

}  // namespace gradus::pictures
