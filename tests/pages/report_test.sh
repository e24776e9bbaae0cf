#!/bin/sh
# report_test.sh PROGRAM: opens the report.html of a run in a browser.
set -eu
. "$(dirname "$0")/browser.sh"
"$1" train --data digits --model lenet --epochs 2 --quiet --out "$work/run" >"$work/log"

expected() {
  cat <<TEXT
$1 wide:
Learning curves, Scores, Confusions, Misclassified images, Filters of the first layer, Weights, activations and gradients, Options
7 pictures
TEXT
}
see "$work/run/report.html"
