#include "apps/gradus/report/tensorboard.hpp"

#include <filesystem>

namespace gradus::app {

TensorBoard::TensorBoard(const std::string& run_folder, const train::History& history)
    : file_((std::filesystem::path(run_folder) / "tensorboard").string(),
            history.empty() ? 1 : history.back().step + 1) {}

void TensorBoard::add_epoch(const train::EpochRecord& record, const std::string& judge,
                            const train::Diagnostics& diagnostics) {
  Summary summary;
  summary.add_scalar("loss/training", record.train_loss);
  summary.add_scalar("loss/" + judge, record.val_loss);
  summary.add_scalar("accuracy/training", record.train_accuracy);
  summary.add_scalar("accuracy/" + judge, record.val_accuracy);
  summary.add_scalar("learning rate", record.lr);
  const auto add_histograms = [&](const std::string& group, const NamedTensors& tensors) {
    for (const auto& [name, values] : tensors)
      summary.add_histogram(group + name,
                            {values.data<float>(), static_cast<std::size_t>(values.numel())});
  };
  add_histograms("weights/", diagnostics.weights);
  add_histograms("gradients/", diagnostics.gradients);
  file_.add(record.step, summary);
}

void TensorBoard::add_images(int64_t step, const NamedSheets& sheets) {
  Summary summary;
  for (const auto& [name, sheet] : sheets)
    for (std::size_t i = 0; sheet && i < sheet->tiles.size(); ++i) {
      const pictures::Tile& tile = sheet->tiles[i];
      const std::string caption =
          tile.caption.empty() ? "" : fmt::format(" {}, {}", tile.caption, tile.note);
      summary.add_image(fmt::format("{}/{:02}{}", name, i + 1, caption), tile.png);
    }
  file_.add(step, summary);
}

}  // namespace gradus::app
