// SgdUpdate, AdamUpdate: with the other structs here, the optimizers' updates of parameters. Each
// is one pass over the parameter, its gradient and its state. Norms that an update needs are
// computed before.
#pragma once

#include <array>
#include <cstdint>

namespace gradus::kernels {

// In all of them g' = g + weight_decay·p. The comments begin with the state.

/// none, or v. v ← momentum·v + gain·g';  p ← shrink·p − lr·d, where d is g' without momentum, v
/// with momentum, gain·g' + momentum·v with Nesterov momentum
struct SgdUpdate {
  double lr, momentum, gain, weight_decay, shrink = 1;
  bool nesterov = false;
};

/// m, v and, if `largest`, w. m ← β₁m + (1 − β₁)g';  v ← β₂v + (1 − β₂)g'²;  w ← max(w, v);
/// p ← shrink·p − (mean_lr·m + gradient_lr·g') / (root_scale·√(w or v) + eps)
struct AdamUpdate {
  double mean_lr, gradient_lr = 0, beta1, beta2, root_scale, eps, weight_decay, shrink = 1;
  bool largest = false;
};

/// m, u. m ← β₁m + (1 − β₁)g';  u ← max(β₂u, |g'| + eps);  p ← p − lr·m/u
struct AdamaxUpdate {
  double lr, beta1, beta2, eps, weight_decay;
};

/// s. s ← s + g'²;  p ← p − lr·g'/(√s + eps)
struct AdagradUpdate {
  double lr, eps, weight_decay;
};

/// s, then v with momentum, then a if `centered`. s ← αs + (1 − α)g'²;
/// a ← αa + (1 − α)g';  d = g'/(√(s − a²) + eps);  v ← momentum·v + d;  p ← p − lr·(v or d)
struct RmspropUpdate {
  double lr, alpha, eps, weight_decay, momentum;
  bool has_velocity, centered;
};

/// s, a. s ← ρs + (1 − ρ)g'²;  d = √(a + eps)/√(s + eps)·g';  a ← ρa + (1 − ρ)d²;  p ← p − lr·d
struct AdadeltaUpdate {
  double lr, rho, eps, weight_decay;
};

/// m. p ← shrink·p − lr·sign(β₁m + (1 − β₁)g);  m ← β₂m + (1 − β₂)g
struct LionUpdate {
  double lr, beta1, beta2, shrink;
};

/// z, x, v. v ← β₂v + (1 − β₂)g²;  z ← z − lr·(g/(√v + eps) + weight_decay·p);
/// x ← x + newest·(z − x);  p ← z + β₁(x − z)
struct ScheduleFreeUpdate {
  double lr, beta1, beta2, eps, weight_decay, newest;
};

/// The tensors of an update's state, in its order; null for unused ones.
template <class T>
using State = std::array<T*, 3>;

/// p, g, each of the state[n]
template <class Update, class T>
void update(int64_t n, const Update& update, const T* g, T* p, const State<T>& state);

/// Σ x²; x[n]
template <class T>
double sum_of_squares(int64_t n, const T* x);

/// LAMB's direction r = mean_scale·m/(root_scale·√v + eps) + weight_decay·p, after m ← β₁m + (1 −
/// β₁)g and v ← β₂v + (1 − β₂)g².
struct LambUpdate {
  double mean_scale, beta1, beta2, root_scale, eps, weight_decay;
};

/// Updates m and v and returns Σ r²; g, p, m, v[n]
template <class T>
double lamb_moments(int64_t n, const LambUpdate& update, const T* g, const T* p, T* m, T* v);

/// p ← p − lr·r; p, m, v[n]
template <class T>
void lamb_step(int64_t n, const LambUpdate& update, double lr, T* p, const T* m, const T* v);

/// Matrices of this size, one after another, and the `least` of a product.
struct FactoredSquares {
  int64_t rows, columns;
  double least;
};

/// u = g/√max(row·column, least), returns Σ u²; g, u[n], row[a number for each row of all
/// matrices], column[the same]
template <class T>
double factored_direction(const FactoredSquares& squares, int64_t n, const T* g, const T* row,
                          const T* column, T* u);

/// y ← y + weight·(x − y); x, y[n]
template <class T>
void average(int64_t n, double weight, const T* x, T* y);

}  // namespace gradus::kernels
