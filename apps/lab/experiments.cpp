#include "apps/lab/experiments.hpp"

namespace gradus::lab {

// Each file of experiments/ defines run() in its own namespace.
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
GRADUS_RUN(gradient_check) GRADUS_RUN(test_judge) GRADUS_RUN(pre_norm)
GRADUS_RUN(rms_norm) GRADUS_RUN(induction_heads) GRADUS_RUN(muon_time);
#undef GRADUS_RUN
// clang-format on

const std::vector<Experiment>& all_experiments() {
  static const std::vector<Experiment> all{
      {"invariance", "Normalization", "Invariance to scaling",
       "Weights ×λ don't change the output of a normalized layer and multiply its gradient by 1/λ. "
       "Data ×λ don't change it where activations or cosines are normalized, but do where weights "
       "are.",
       "Ioffe and Szegedy 2015; Ba, Kiros and Hinton 2016; Salimans and Kingma 2016", "",
       invariance_experiment::run},
      {"affine", "Normalization", "The affine parameters γ and β",
       "γ and β can undo the normalization: the layer can be the identity.",
       "Ioffe and Szegedy 2015, §3", "seeds", affine_experiment::run},
      {"batch-norm", "Normalization", "A deep network of sigmoids",
       "Batch normalization trains a deep network of sigmoids that stalls without it.",
       "Ioffe and Szegedy 2015, §4.1 and figure 1", "data, seeds, epochs, limit, long",
       batch_normalization_experiment::run},
      {"init-scale", "Initialization", "The scale of the initial weights",
       "With batch norm, initial weights ×K change nothing; without it they decide whether "
       "training works.",
       "Ioffe and Szegedy 2015, §3.3", "data, seeds, epochs, batch-size, limit",
       init_scale_experiment::run},
      {"norms", "Normalization", "All normalizations with large and small batches",
       "Batch normalization loses accuracy with batches of 4; layer and group normalization don't.",
       "Ba, Kiros and Hinton 2016, figure 6; Wu and He 2018, figure 1",
       "data, seeds, epochs, batch-size, limit, long", norms_experiment::run},
      {"layer-norm", "Normalization", "A recurrent network over the rows of an image",
       "Layer norm works in a recurrent network, batch norm doesn't.",
       "Ba, Kiros and Hinton 2016, §1 and §3", "data, seeds, epochs, limit",
       layer_normalization_experiment::run},
      {"group-norm", "Normalization", "Group norm between layer and instance norm",
       "As G grows from 1 to the number of channels, group normalization changes from layer "
       "normalization to instance normalization.",
       "Wu and He 2018, §3.1 and table 3", "data, seeds, epochs, limit",
       group_normalization_experiment::run},
      {"cosine-norm", "Normalization", "The bound of cosine normalization",
       "Cosines stay in [−1, 1] at any scale, which keeps the cross-entropy of K classes above "
       "log(1 + (K − 1)e⁻²) unless they are multiplied by a scale.",
       "Luo et al. 2018; Wang et al. 2017, proposition 2", "data, seeds, epochs, limit",
       cosine_normalization_experiment::run},
      {"lrn", "Normalization", "Local response and batch normalization",
       "Local response normalization helps little compared to batch normalization.",
       "Krizhevsky et al. 2012; Ioffe and Szegedy 2015; Simonyan and Zisserman 2015",
       "data, seeds, epochs, limit, long", local_response_experiment::run},
      {"whitening", "Normalization", "Standardized and whitened weights",
       "Weights that are standardized or whitened in every forward pass stay so and train faster "
       "than plain ones; standardizing or whitening once, at the start, doesn't last.",
       "Huang et al. 2018; Qiao et al. 2019", "data, seeds, epochs, limit, long",
       whitening_experiment::run},
      {"initialization", "Initialization", "Signals through twenty layers",
       "With too small weights signals vanish, with too large ones gradients explode; Xavier's "
       "keep variances with tanh, He's with ReLU, and orthogonal ones the norms of gradients in a "
       "linear network.",
       "Glorot and Bengio 2010; He et al. 2015; Saxe, McClelland and Ganguli 2014", "seeds",
       signal_variance_experiment::run},
      {"symmetry", "Initialization", "Weights that are all equal",
       "Units that start equal stay equal during training and compute no more than one unit; "
       "random weights break the symmetry.",
       "Rumelhart, Hinton and Williams 1986; Goodfellow et al. 2016",
       "data, seeds, epochs, limit, long", symmetry_experiment::run},
      {"valley", "Optimization", "Narrow valleys and saddle points",
       "Momentum is faster than plain descent along a narrow valley; methods with adaptive rates "
       "leave a saddle point first and plain descent leaves it last.",
       "Polyak 1964; Dauphin et al. 2014", "seeds", valley_experiment::run},
      {"adadelta", "Optimization", "AdaDelta without a learning rate",
       "SGD, momentum and AdaGrad need a tuned learning rate; AdaDelta trains well with any value "
       "of its constant ε.",
       "Zeiler 2012, tables 1 and 2", "data, seeds, epochs, batch-size, limit",
       adadelta_rates_experiment::run},
      {"bias-correction", "Optimization", "Adam without bias correction",
       "Without bias correction Adam's first steps are too large, and training becomes unstable as "
       "β₂ approaches 1.",
       "Kingma and Ba 2015, §6.4", "data, seeds, epochs, limit, long",
       bias_correction_experiment::run},
      {"batch-size", "Optimization", "Batch size, gradient noise and learning rate",
       "The gradient of a batch of B samples has the same mean and 1/B of the variance; for k "
       "times the batch SGD needs k times the rate, Adam √k times.",
       "Goyal et al. 2017; Malladi et al. 2022", "data, seeds, epochs, limit",
       batch_size_experiment::run},
      {"flat-minima", "Optimization", "Flat and sharp minima",
       "Small batches end in flatter minima than large ones.", "Keskar et al. 2017",
       "data, seeds, limit, long", flat_minima_experiment::run},
      {"schedules", "Learning rates", "All schedules against the best constant rate",
       "A falling rate reaches a lower loss than the best constant rate; with one-cycle, MNIST "
       "reaches 99 % in one epoch.",
       "Robbins and Monro 1951; Smith and Topin 2018",
       "data, seeds, epochs, batch-size, limit, long", falling_rates_experiment::run},
      {"lr-range", "Learning rates", "The learning rate range test",
       "The range test finds a rate near the best one: a tenth of it and ten times it train worse.",
       "Smith 2017; Smith and Topin 2018", "data, seeds, epochs, batch-size, limit",
       lr_range_experiment::run},
      {"weight-decay", "Regularization", "Weight decay and L2",
       "Weight decay equals an L2 penalty for plain SGD, but not with momentum or Adam.",
       "Loshchilov and Hutter 2019, propositions 1 to 3", "data, seeds, limit",
       weight_decay_experiment::run},
      {"sparsity", "Regularization", "Sparse weights",
       "The lasso and the elastic net make weights exactly 0 by proximal steps, ridge doesn't; all "
       "three are convex.",
       "Tibshirani 1996; Daubechies et al. 2004; Zou and Hastie 2005", "seeds",
       sparsity_experiment::run},
      {"dropout", "Regularization", "Dropout as a mean of thinned networks",
       "A network trained with dropout makes fewer errors than one trained without, and with all "
       "its units it is as good as the mean of many thinned networks.",
       "Srivastava et al. 2014, table 2 and figure 11",
       "data, seeds, epochs, batch-size, limit, long", dropout_ensembles_experiment::run},
      {"augment", "Data", "Augmentation of images",
       "Random changes of training images lower the test error, most of all with few images.",
       "Simard, Steinkraus and Platt 2003", "data, seeds, epochs, batch-size, limit, long, augment",
       augment_experiment::run},
      {"regularizers", "Regularization", "Four regularizers",
       "Early stopping, augmentation, distillation and label smoothing each improve training on "
       "few images.",
       "Prechelt 1998; Simard et al. 2003; Hinton et al. 2015; Szegedy et al. 2016",
       "data, seeds, epochs", regularizers_experiment::run},
      {"recurrent-dropout", "Recurrent networks", "Dropout and memory",
       "Dropout of a recurrent state erases its memory with new masks at each step, but not with "
       "one mask for all steps.",
       "Gal and Ghahramani 2016; Semeniuta et al. 2016", "seeds",
       recurrent_dropout_experiment::run},
      {"clipping", "Recurrent networks", "Gradient clipping at cliffs of the loss",
       "Clipping the gradient's norm lets a recurrent network train past a cliff of the loss.",
       "Pascanu, Mikolov and Bengio 2013", "data, seeds, epochs, limit", cliffs_experiment::run},
      {"feature-scale", "Data", "Feature scaling and gradient descent",
       "Min-max scaling, z-scores and whitening each make gradient descent faster than the one "
       "before.",
       "LeCun, Bottou, Orr and Müller 1998, sections 4.3 and 5", "data, seeds, limit",
       feature_scale_experiment::run},
      {"search", "Search and selection", "Four methods of hyperparameter search",
       "If a parameter has no effect, random search beats grid search, and Bayesian search beats "
       "both; Hyperband reaches the result of random search in a third of the training.",
       "Bergstra and Bengio 2012; Snoek et al. 2012; Li et al. 2018", "data, seeds, epochs, limit",
       search_methods_experiment::run},
      {"criteria", "Search and selection", "Model selection by AIC and BIC",
       "AIC and BIC choose the degree of a polynomial and the width of a network, AIC sometimes "
       "too large a one; their penalties cross at 7.4 samples.",
       "Akaike 1974; Schwarz 1978", "seeds", criteria_experiment::run},
      {"test-judge", "Search and selection", "The test set as judge",
       "The test set as judge flatters: the best of twenty epochs by test accuracy is less "
       "accurate "
       "on new samples than on those that chose it.",
       "Cawley and Talbot 2010", "data, seeds, epochs, batch-size, limit",
       test_judge_experiment::run},
      {"pre-norm", "Attention", "Pre-norm, post-norm and warm-up",
       "A deep transformer with pre-norm trains without warm-up, one with post-norm doesn't.",
       "Xiong et al. 2020", "seeds, long", pre_norm_experiment::run},
      {"rms-norm", "Attention", "RMS norm and layer norm",
       "RMS norm trains a transformer as well as layer norm and takes less time.",
       "Zhang and Sennrich 2019", "seeds, long", rms_norm_experiment::run},
      {"induction-heads", "Attention", "Copying by an induction head",
       "A network of two attention layers learns to copy by an induction head, one of one layer "
       "doesn't.",
       "Olsson et al. 2022", "seeds, long", induction_heads_experiment::run},
      {"muon", "Attention", "Muon and AdamW in equal time",
       "Muon trains a small GPT to a lower loss than AdamW in equal time.", "Jordan et al. 2024",
       "seeds, long", muon_time_experiment::run},
      {"divergences", "Information", "Divergences of distributions that move apart",
       "As two distributions move apart, the Kullback-Leibler divergence becomes infinite and the "
       "Jensen-Shannon divergence constant; the Wasserstein distance grows in proportion.",
       "Arjovsky, Chintala and Bottou 2017, example 1", "", divergences_experiment::run},
      {"gradient-check", "Checks", "Gradient checks and planted mistakes",
       "A comparison with central differences shows whether a gradient is wrong.",
       "Bengio 2012, section 4.1", "seeds", gradient_check_experiment::run}};
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
