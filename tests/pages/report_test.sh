#!/bin/sh
# report_test.sh PROGRAM: opens the report.html of a run on images and of one on features in a browser.
set -eu
. "$(dirname "$0")/browser.sh"

expected() {
  cat <<TEXT
$1 wide:
$sections
$pictures pictures
TEXT
}
"$1" train --data digits --model lenet --epochs 2 --quiet --out "$work/run" >"$work/log"
sections='Learning curves, Scores, Confusions, Probabilities, Misclassified images, Filters of the first layer, Weights, activations and gradients, Options'
pictures=10
see "$work/run/report.html"
"$1" train --data spirals --model mlp --epochs 8 --quiet --out "$work/features" >"$work/log"
sections='Learning curves, Decision boundary, Scores, Confusions, Probabilities, Weights, activations and gradients, Options'
pictures=9
see "$work/features/report.html"
