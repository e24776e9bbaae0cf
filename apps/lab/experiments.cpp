#include "apps/lab/experiments.hpp"

namespace gradus::lab {

// Each file of experiments/ defines a function run() in a namespace of its own.
// clang-format off
#define GRADUS_RUN(file) namespace file##_experiment { Report run(const ExperimentOptions&); }
GRADUS_RUN(invariance) GRADUS_RUN(affine) GRADUS_RUN(batch_normalization) GRADUS_RUN(init_scale)
GRADUS_RUN(norms) GRADUS_RUN(layer_normalization) GRADUS_RUN(group_normalization)
GRADUS_RUN(cosine_normalization) GRADUS_RUN(local_response) GRADUS_RUN(whitening)
GRADUS_RUN(signal_variance) GRADUS_RUN(symmetry) GRADUS_RUN(valley) GRADUS_RUN(adadelta_rates)
GRADUS_RUN(bias_correction) GRADUS_RUN(batch_size) GRADUS_RUN(flat_minima) GRADUS_RUN(falling_rates)
GRADUS_RUN(lr_range) GRADUS_RUN(weight_decay) GRADUS_RUN(sparsity) GRADUS_RUN(dropout_ensembles)
GRADUS_RUN(augment) GRADUS_RUN(regularizers) GRADUS_RUN(recurrent_dropout) GRADUS_RUN(cliffs)
GRADUS_RUN(feature_scale) GRADUS_RUN(search_methods) GRADUS_RUN(criteria) GRADUS_RUN(divergences)
GRADUS_RUN(gradient_check);
#undef GRADUS_RUN
// clang-format on

const std::vector<Experiment>& all_experiments() {
  static const std::vector<Experiment> all{
      {"invariance", "Normalization", "What scaling leaves as it is",
       "Weights ×λ leave the output of a normalized layer as it is and make the gradient 1/λ of "
       "what it was. Data ×λ leave it too where activations or cosines are normalized, but not "
       "where weights are.",
       "Ioffe and Szegedy 2015; Ba, Kiros and Hinton 2016; Salimans and Kingma 2016", "",
       invariance_experiment::run},
      {"affine", "Normalization", "What γ and β give back",
       "γ and β restore what normalization took: the layer can be the identity.",
       "Ioffe and Szegedy 2015, §3", "seeds", affine_experiment::run},
      {"batch-norm", "Normalization", "A deep network of sigmoids",
       "Batch normalization trains a deep network of sigmoids that stalls without it.",
       "Ioffe and Szegedy 2015, §4.1 and figure 1", "data, seeds, epochs, limit, long",
       batch_normalization_experiment::run},
      {"init-scale", "Initialization", "The scale of the initial weights",
       "With batch norm, initial weights ×K change nothing; without it they decide.",
       "Ioffe and Szegedy 2015, §3.3", "data, seeds, epochs, batch-size, limit",
       init_scale_experiment::run},
      {"norms", "Normalization", "Every normalization, with large and with tiny batches",
       "Batch normalization suffers at a batch of 4; layer and group normalization don't.",
       "Ba, Kiros and Hinton 2016, figure 6; Wu and He 2018, figure 1",
       "data, seeds, epochs, batch-size, limit, long", norms_experiment::run},
      {"layer-norm", "Normalization", "A recurrent network over the rows of an image",
       "Layer norm works in a recurrent network, where batch norm can't.",
       "Ba, Kiros and Hinton 2016, §1 and §3", "data, seeds, epochs, limit",
       layer_normalization_experiment::run},
      {"group-norm", "Normalization", "Group norm between layer and instance norm",
       "As G goes from 1 to the number of channels, group normalization runs from layer "
       "normalization to instance normalization.",
       "Wu and He 2018, §3.1 and table 3", "data, seeds, epochs, limit",
       group_normalization_experiment::run},
      {"cosine-norm", "Normalization", "Cosine normalization: bounded, and without a scale",
       "Cosines stay within −1 … 1 whatever the scale, and cross-entropy of K classes above log(1 "
       "+ (K − 1)e⁻²) unless a scale stands between.",
       "Luo et al. 2018; Wang et al. 2017, proposition 2", "data, seeds, epochs, limit",
       cosine_normalization_experiment::run},
      {"lrn", "Normalization", "Local response normalization beside batch normalization",
       "Local response normalization helps little next to batch normalization.",
       "Krizhevsky et al. 2012; Ioffe and Szegedy 2015; Simonyan and Zisserman 2015",
       "data, seeds, epochs, limit, long", local_response_experiment::run},
      {"whitening", "Normalization", "Standardized and whitened weights",
       "Weights that each pass standardizes or whitens stay so and train faster than plain ones; "
       "done once, at the start, it doesn't last.",
       "Huang et al. 2018; Qiao et al. 2019", "data, seeds, epochs, limit, long",
       whitening_experiment::run},
      {"initialization", "Initialization", "Signals through twenty layers",
       "Too small weights let signals vanish, too large ones let errors explode; Xavier's keep "
       "variances under tanh, He's under ReLU, orthogonal ones linear errors' norms.",
       "Glorot and Bengio 2010; He et al. 2015; Saxe, McClelland and Ganguli 2014", "seeds",
       signal_variance_experiment::run},
      {"symmetry", "Initialization", "Weights that are all equal",
       "Units that start equal stay equal, however long they train, and do no more than one; "
       "random weights break the symmetry.",
       "Rumelhart, Hinton and Williams 1986; Goodfellow et al. 2016",
       "data, seeds, epochs, limit, long", symmetry_experiment::run},
      {"valley", "Optimization", "Along a valley, off a saddle",
       "Momentum gets along a narrow valley faster than plain descent; off a saddle, methods with "
       "adaptive rates get first and plain descent last.",
       "Polyak 1964; Dauphin et al. 2014", "seeds", valley_experiment::run},
      {"adadelta", "Optimization", "AdaDelta needs no learning rate",
       "SGD, momentum and AdaGrad need a learning rate chosen for them; AdaDelta ends well "
       "whatever its constant.",
       "Zeiler 2012, tables 1 and 2", "data, seeds, epochs, batch-size, limit",
       adadelta_rates_experiment::run},
      {"bias-correction", "Optimization", "Adam without the correction of its bias",
       "Without the correction of its bias Adam's first steps are too large and training gets "
       "unstable as β₂ comes near 1.",
       "Kingma and Ba 2015, §6.4", "data, seeds, epochs, limit, long",
       bias_correction_experiment::run},
      {"batch-size", "Optimization", "Batch size, noise and rate",
       "A batch of B has the same mean gradient with 1/B of the variance; for k times the batch "
       "SGD takes k times the rate, Adam √k times.",
       "Goyal et al. 2017; Malladi et al. 2022", "data, seeds, epochs, limit",
       batch_size_experiment::run},
      {"flat-minima", "Optimization", "Flat minima and sharp ones",
       "Small batches end in flatter minima than large ones do.", "Keskar et al. 2017",
       "data, seeds, limit, long", flat_minima_experiment::run},
      {"schedules", "Learning rates", "Every schedule, against the best constant rate",
       "A rate that falls ends lower than the best constant one; by one cycle, MNIST takes a "
       "single epoch to 99 %.",
       "Robbins and Monro 1951; Smith and Topin 2018",
       "data, seeds, epochs, batch-size, limit, long", falling_rates_experiment::run},
      {"lr-range", "Learning rates", "A test that finds the learning rate",
       "The range test finds a rate near the best: ten times less and ten times more train worse.",
       "Smith 2017; Smith and Topin 2018", "data, seeds, epochs, batch-size, limit",
       lr_range_experiment::run},
      {"weight-decay", "Regularization", "Weight decay and L2",
       "Weight decay equals L2 for plain SGD, but not with momentum, nor for Adam.",
       "Loshchilov and Hutter 2019, propositions 1 to 3", "data, seeds, limit",
       weight_decay_experiment::run},
      {"sparsity", "Regularization", "Exactly zero",
       "The convex lasso makes weights exactly 0; ridge and the elastic net don't.",
       "Tibshirani 1996; Daubechies et al. 2004; Zou and Hastie 2005", "seeds",
       sparsity_experiment::run},
      {"dropout", "Regularization", "Dropout, and the networks it is the mean of",
       "A network trained with dropout makes fewer errors than without, and with all its units it "
       "is as good as the mean of many thinned networks.",
       "Srivastava et al. 2014, table 2 and figure 11",
       "data, seeds, epochs, batch-size, limit, long", dropout_ensembles_experiment::run},
      {"augment", "Data", "Images that could also have been",
       "Random changes of training images lower the test error, most where images are few.",
       "Simard, Steinkraus and Platt 2003", "data, seeds, epochs, batch-size, limit, long, augment",
       augment_experiment::run},
      {"regularizers", "Regularization", "Four ways to regularize",
       "Early stopping, augmentation, distillation and label smoothing each help.",
       "Prechelt 1998; Simard et al. 2003; Hinton et al. 2015; Szegedy et al. 2016",
       "data, seeds, epochs", regularizers_experiment::run},
      {"recurrent-dropout", "Recurrent networks", "Dropout and memory",
       "Dropout of a state erases memory by new masks at each step, not by one mask.",
       "Gal and Ghahramani 2016; Semeniuta et al. 2016", "seeds",
       recurrent_dropout_experiment::run},
      {"clipping", "Recurrent networks", "Cliffs, and gradients of limited norm",
       "Limiting the gradient's norm saves a recurrent network at a cliff.",
       "Pascanu, Mikolov and Bengio 2013", "data, seeds, epochs, limit", cliffs_experiment::run},
      {"feature-scale", "Data", "Features of other units, and steps of gradient descent",
       "Min-max scaling, z-scores and whitening each make descent faster still.",
       "LeCun, Bottou, Orr and Müller 1998, sections 4.3 and 5", "data, seeds, limit",
       feature_scale_experiment::run},
      {"search", "Search and selection", "Four ways to search for hyperparameters",
       "Where a parameter doesn't matter, random search beats a grid, and a model of the trials "
       "beats both; Hyperband reaches what random search does in a third of the training.",
       "Bergstra and Bengio 2012; Snoek et al. 2012; Li et al. 2018", "data, seeds, epochs, limit",
       search_methods_experiment::run},
      {"criteria", "Search and selection", "How many parameters AIC and BIC choose",
       "AIC and BIC choose a polynomial's degree and a network's width, AIC at times too high; "
       "their penalties cross at 7.4 samples.",
       "Akaike 1974; Schwarz 1978", "seeds", criteria_experiment::run},
      {"divergences", "Information", "Distances between distributions that move apart",
       "As two distributions move apart, the Kullback-Leibler divergence becomes infinite and the "
       "Jensen-Shannon divergence flat; Wasserstein's distance grows in proportion.",
       "Arjovsky, Chintala and Bottou 2017, example 1", "", divergences_experiment::run},
      {"gradient-check", "Checks", "Wrong gradients, and the checks that notice",
       "Comparing a gradient with central differences shows whether it is wrong.",
       "Bengio 2012, section 4.1", "seeds", gradient_check_experiment::run},
  };
  return all;
}

const Registry<Experiment>& experiments() {
  static const Registry<Experiment> table = [] {
    std::vector<Registry<Experiment>::Entry> entries;
    for (const Experiment& experiment : all_experiments())
      entries.push_back({experiment.name, experiment.title, experiment});
    return Registry<Experiment>("experiment", std::move(entries));
  }();
  return table;
}

}  // namespace gradus::lab
