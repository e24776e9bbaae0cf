// MNIST and Fashion-MNIST: 60,000 + 10,000 grey images of 28 × 28 pixels in 10 classes.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Handwritten digits (LeCun, Cortes and Burges 1998), from the four IDX files in `folder`; by
/// default ./data/mnist, where `./run fetch mnist` puts them. Normalized by the mean and deviation
/// of the training images, 0.1307 and 0.3081. Throws std::runtime_error that says where it looked
/// and how to get the files, or which of them is damaged.
Split mnist(const std::string& folder = "");

/// Pieces of clothing (Xiao, Rasul and Vollgraf 2017), the same way. The default folders are
/// ./data/fashion-mnist and where Debian's package dataset-fashion-mnist puts the files. Mean
/// 0.2860, deviation 0.3530.
Split fashion_mnist(const std::string& folder = "");

/// The folders in which mnist() looks by default, in this order.
std::vector<std::string> mnist_folders();
/// The folders in which fashion_mnist() looks by default, in this order.
std::vector<std::string> fashion_mnist_folders();

/// The first of `folders` that holds training images; empty where none does.
std::string find_idx_folder(const std::vector<std::string>& folders);

}  // namespace gradus::data
