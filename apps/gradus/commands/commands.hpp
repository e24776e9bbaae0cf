// commands: the table of all subcommands of gradus.
#pragma once

#include "apps/gradus/cli/command.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

Command train_command();
Command evaluate_command();
Command replay_command();
Command predict_command();
Command runs_command();
Command compare_command();
Command inspect_command();
Command search_command();
Command completion_command();
// Those of programs of their own, gradus-bench and gradus-lab.
Command bench_command();
Command lab_command();

/// All of them, by the names that users type; null for one that a program of its own does, which is
/// built and installed beside this one: gradus-bench, gradus-lab.
const Registry<Command (*)()>& commands();

}  // namespace gradus::app
