// resized, fitted, to_channels: bring pictures of any size to the size and channels of a network.
#pragma once

#include "data/files/image_bytes.hpp"

namespace gradus::data {

/// The picture scaled to (height, width), each extent by itself, without the false patterns that
/// left-out pixels would make. A pixel becomes the mean over those around its middle, each counted
/// by a triangle: one that is 2 pixels of the source wide if the picture grows (bilinear
/// interpolation), 2 pixels of the result wide if it shrinks (the BILINEAR of the Python Imaging
/// Library; `antialias` of torchvision). Rows and columns are scaled one after the other, in f32,
/// and rounded once. The same bits on any machine and number of threads; the same bytes if the size
/// is already that. Throws std::invalid_argument unless the image has 1 to 4 channels, all extents
/// are from 1 to 2^20, and the image has as many values as they say, the result no more than 2^28.
ImageBytes resized(const ImageBytes& image, int64_t height, int64_t width);

/// How fitted() brings a picture to another form.
enum class Fit {
  crop,     ///< scale it until it covers the result, and cut its middle out: nothing is distorted
  pad,      ///< scale it until it is within the result, in the middle of black: nothing is lost
  stretch,  ///< scale height and width each by itself
};

/// The picture at (height, width), scaled as by resized(). Throws as resized().
ImageBytes fitted(const ImageBytes& image, int64_t height, int64_t width, Fit fit = Fit::crop);

/// The picture in grey (1 channel) or colours (3). Grey is the luma of ITU-R BT.601, round(0.299
/// red + 0.587 green + 0.114 blue); colours of a grey picture are its value three times. Throws
/// std::invalid_argument for other numbers of channels, of the picture, too.
ImageBytes to_channels(ImageBytes image, int64_t channels);

}  // namespace gradus::data
