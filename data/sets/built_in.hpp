// iris, wine, breast_cancer, diabetes: small tables that are built into the library. Their origins
// are in data/embedded/README.md.
#pragma once

#include "data/dataset.hpp"
#include "data/table/data_table.hpp"

namespace gradus::data {

/// 150 irises with the length and width of their sepals and petals in cm; the classes are the
/// species setosa, versicolor and virginica (R. A. Fisher 1936). 120 for training and 30 for
/// testing. Like all sets here, it is normalized by the training part, and its split is always the
/// same: built_in_split().
Split iris();
/// 178 Italian wines, 13 numbers of a chemical analysis; the classes class_0, class_1 and class_2
/// are three cultivars (M. Forina et al. 1991, UCI). 142 and 36 samples.
Split wine();
/// 569 tumours of the breast, 30 measurements of cell nuclei; class 0 is benign, 1 malignant (W. H.
/// Wolberg, W. N. Street and O. L. Mangasarian 1995, UCI). 455 and 114 samples.
Split breast_cancer();
/// 442 patients with diabetes: age, sex (1 or 2), body mass index, blood pressure, and six
/// measurements of blood serum, as they were measured; the target is a number, 25 to 346, for how
/// the disease had progressed a year later (B. Efron et al. 2004). 353 and 89 samples.
Split diabetes();

/// The whole table with the names of its columns: "iris", "wine", "breast-cancer", "diabetes" or
/// "digits" (without names; 8 × 8 numbers from 0 to 16). Throws std::invalid_argument for another
/// name.
DataTable built_in_table(const std::string& name);

/// The same two parts at each call: after shuffling with seed 0, every fifth sample goes to the
/// test part, counted through the classes one after the other. Both parts keep the samples' order.
Split built_in_split(const Dataset& dataset);

}  // namespace gradus::data
