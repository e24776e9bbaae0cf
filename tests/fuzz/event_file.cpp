// EventFile: begins behind the files that a folder holds, whatever their names, and writes any tag.
#include "tests/apps/event_reader.hpp"
#include "tests/fuzz/target.hpp"
#include "train/tensorboard.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  fuzz::clear(folder);
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string name(text.substr(0, end)), tag(text.substr(std::min(end + 1, size)));
  if (!name.empty() && name.size() < 100 &&
      name.find_first_of(std::string_view("/\0", 2)) == name.npos &&
      name.find_first_not_of(".") != name.npos)
    folder.write(name, std::string());
  fuzz::accepts([&] {
    train::EventFile file(folder.path(), 1);
    train::EventSummary summary;
    summary.add_scalar(tag, 0.5);
    std::vector<float> values(size / sizeof(float));
    std::copy_n(data, values.size() * sizeof(float), reinterpret_cast<uint8_t*>(values.data()));
    summary.add_histogram(tag, values);
    if (tag.size() > 25) summary.add_image(tag, tag);
    file.add(2, summary);
    // An earlier file is empty, and the new one is read behind it.
    const auto written = events::read_folder(folder.path());
    fuzz::require(written.contains(tag) && written.at(tag)[0].step == 2, "the tag is missing");
  });
  return 0;
}
