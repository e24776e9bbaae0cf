// Updates of parameters: each is one pass over the parameter, its gradient and its state.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// g' = g + weight_decay·p;  v ← momentum·v + (1 − dampening)·g';  p ← shrink·p − lr·d, where d is
/// g' without a velocity (v null), v with one, g' + momentum·v with Nesterov's
struct SgdUpdate {
  double lr, momentum, dampening, weight_decay, shrink;
  bool nesterov;
};

/// p, g, v[n]
template <class T>
void sgd(int64_t n, const SgdUpdate& update, const T* g, T* p, T* v);

/// g' = g + weight_decay·p;  m ← β₁m + (1 − β₁)g';  v ← β₂v + (1 − β₂)g'²;
/// p ← shrink·p − lr·(m / correction1) / (√(w / correction2) + eps), where w is v, or the largest v
/// so far (v_max not null)
struct AdamUpdate {
  double lr, beta1, beta2, eps, weight_decay, shrink, correction1, correction2;
};

/// p, g, m, v, v_max[n]
template <class T>
void adam(int64_t n, const AdamUpdate& update, const T* g, T* p, T* m, T* v, T* v_max);

}  // namespace gradus::kernels
