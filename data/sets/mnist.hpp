// mnist, fashion_mnist: two sets of 60,000 + 10,000 grey images of 28 × 28 pixels in 10 classes.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Handwritten digits (LeCun, Cortes and Burges 1998), from the four IDX files in `folder`; by
/// default ./data/mnist, where `./run fetch mnist` puts them. Normalized by the mean and deviation
/// of the training images, 0.1307 and 0.3081. Throws std::runtime_error with the searched folders
/// and how to get the files, or with the file that is damaged.
Split mnist(const std::string& folder = "");

/// Pieces of clothing (Xiao, Rasul and Vollgraf 2017), read in the same way. The default folders
/// are ./data/fashion-mnist and the one of Debian's package dataset-fashion-mnist. Mean 0.2860,
/// deviation 0.3530.
Split fashion_mnist(const std::string& folder = "");

/// The folders that mnist() searches by default, in this order.
std::vector<std::string> mnist_folders();
/// The folders that fashion_mnist() searches by default, in this order.
std::vector<std::string> fashion_mnist_folders();

/// The first of `folders` that has training images; empty if none has.
std::string find_idx_folder(const std::vector<std::string>& folders);

}  // namespace gradus::data
