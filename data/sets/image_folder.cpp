#include "data/sets/image_folder.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "core/io/file.hpp"
#include "core/text/counted.hpp"
#include "core/text/printable.hpp"
#include "data/sampling.hpp"
#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::string_view endings[] = {".png", ".jpg", ".jpeg", ".webp",
                                          ".bmp", ".pbm", ".pgm",  ".ppm"};
  return std::ranges::find(endings, ending) != std::end(endings);
}

// Natural order: 2 before 10.
bool comes_before(const std::string& a, const std::string& b) {
  return strverscmp(a.c_str(), b.c_str()) < 0;
}

// What a folder contains, without hidden entries, in natural order.
struct Entries {
  std::vector<std::string> folders, pictures, others;
};

bool is_folder(const fs::path& path) {
  std::error_code error;
  return is_directory(path, error);
}

Entries entries_of(const fs::path& folder) {
  Entries result;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code missing;
    const fs::file_status status = at->status(missing);
    (is_directory(status)                                ? result.folders
     : is_regular_file(status) && is_picture(at->path()) ? result.pictures
                                                         : result.others)
        .push_back(name);
  }
  if (error) file_error(folder.string(), "can't be read: {}", error.message());
  for (auto* names : {&result.folders, &result.pictures, &result.others})
    std::ranges::sort(*names, comes_before);
  return result;
}

// The files of one class.
struct ClassFolder {
  std::string name;
  std::vector<std::string> pictures = {};
};

class Finder {
 public:
  // The classes of a folder.
  std::vector<ClassFolder> classes_of(const fs::path& folder) {
    std::vector<ClassFolder> result;
    const Entries entries = entries_of(folder);
    for (const auto* names : {&entries.pictures, &entries.others})
      for (const std::string& name : *names) leave_out(folder / name);
    around_ = {fs::canonical(folder)};
    for (const std::string& name : entries.folders) {
      if (std::string buffer; as_utf8(name, buffer) != name)
        file_error(folder.string(), "the name of the class {} isn't UTF-8", in_quotes(name));
      add_files(folder / name, result.emplace_back(ClassFolder{name}).pictures);
    }
    return result;
  }

  // "3 other files are left out, such as 'cats/README.txt'", if there are any.
  std::vector<std::string> notes() const {
    if (left_out_ == 0) return {};
    return {fmt::format("{} {} left out, such as {}", counted(left_out_, "other file"),
                        left_out_ == 1 ? "is" : "are", in_quotes(example_))};
  }

 private:
  void add_files(const fs::path& folder, std::vector<std::string>& files) {
    const fs::path real = fs::canonical(folder);
    if (std::ranges::find(around_, real) != around_.end())
      file_error(folder.string(), "is a link to a folder around it");
    around_.push_back(real);
    const Entries entries = entries_of(folder);
    for (const std::string& name : entries.pictures) files.push_back((folder / name).string());
    for (const std::string& name : entries.others) leave_out(folder / name);
    for (const std::string& name : entries.folders) add_files(folder / name, files);
    around_.pop_back();
  }

  void leave_out(const fs::path& file) {
    if (left_out_++ == 0) example_ = file.string();
  }

  std::vector<fs::path> around_;  // the folders that are being read
  int64_t left_out_ = 0;
  std::string example_;
};

bool has_pictures(const std::vector<ClassFolder>& classes) {
  return std::ranges::any_of(classes, [](const ClassFolder& c) { return !c.pictures.empty(); });
}

// What a folder that is no data set contains.
std::string description_of(const fs::path& folder) {
  const Entries entries = entries_of(folder);
  std::vector<std::string> parts;
  if (!entries.folders.empty())
    parts.push_back(fmt::format("{} without pictures, such as {}",
                                counted(std::ssize(entries.folders), "folder"),
                                in_quotes(entries.folders[0])));
  if (!entries.pictures.empty())
    parts.push_back(fmt::format("{} outside a folder of {} class",
                                counted(std::ssize(entries.pictures), "picture"),
                                entries.pictures.size() == 1 ? "its" : "their"));
  if (!entries.others.empty())
    parts.push_back(fmt::format("{}, such as {}", counted(std::ssize(entries.others), "other file"),
                                in_quotes(entries.others[0])));
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, "; "));
}

void check(const std::string& folder, const std::vector<ClassFolder>& classes) {
  if (classes.size() < 2)
    file_error(folder, "has pictures of one class, {}: a classifier needs two",
               in_quotes(classes[0].name));
  for (const ClassFolder& c : classes)
    if (c.pictures.empty())
      file_error(folder, "the class {} has no pictures: remove its folder or fill it",
                 in_quotes(c.name));
}

// The first of the names that is a folder; empty if none is.
fs::path part_of(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (is_folder(folder / name)) return folder / name;
  return {};
}

int64_t class_of(const std::vector<std::string>& classes, const std::string& name) {
  const auto found = std::ranges::find(classes, name);
  return found == classes.end() ? -1 : found - classes.begin();
}

// Adds the pictures of a part whose classes must be among those of `result`.
int64_t add(ImageFolder& result, const fs::path& folder, const std::vector<ClassFolder>& classes) {
  int64_t count = 0;
  for (const ClassFolder& c : classes) {
    const int64_t label = class_of(result.classes, c.name);
    if (label < 0 && !c.pictures.empty())
      file_error(folder.string(), "the class {} isn't one of the training set", in_quotes(c.name));
    for (const std::string& path : c.pictures) {
      result.paths.push_back(path);
      result.labels.push_back(label);
      ++count;
    }
  }
  return count;
}

Targets targets_of(const ImageFolder& folder) {
  return {.kind = TargetKind::classes,
          .values = Tensor::from(folder.labels, {std::ssize(folder.labels)}),
          .count = std::ssize(folder.classes),
          .names = folder.classes};
}

}  // namespace

ImageFolder find_image_folder(const std::string& folder) {
  const fs::path root(folder);
  if (!is_folder(root)) file_error(folder, "no such folder");
  const fs::path train = part_of(root, {"train"});
  fs::path test = part_of(root, {"test"}), validation = part_of(root, {"valid", "val"});
  const fs::path& first = train.empty() ? root : train;
  Finder finder;
  const std::vector<ClassFolder> classes = finder.classes_of(first);
  if (!has_pictures(classes))
    file_error(folder,
               "is no data set: it contains {}. Read are pictures in FOLDER/CLASS/ or in "
               "FOLDER/train/CLASS/ and FOLDER/test/CLASS/, MNIST's IDX files and CIFAR's binary "
               "files",
               description_of(first));
  check(first.string(), classes);
  ImageFolder result;
  for (const ClassFolder& c : classes) result.classes.push_back(c.name);
  result.train = add(result, first, classes);
  if (!train.empty()) {
    if (test.empty()) std::swap(test, validation);
    if (!validation.empty())
      result.validation = add(result, validation, finder.classes_of(validation));
    if (!test.empty()) result.test = add(result, test, finder.classes_of(test));
  }
  result.notes = finder.notes();
  return result;
}

ImageFolderSet load_image_folder(const std::string& folder, Rng& rng,
                                 const PictureOptions& options) {
  const ImageFolder files = find_image_folder(folder);
  const PictureSamples pictures = read_pictures(files.paths, targets_of(files), options);
  std::vector<std::string> notes = files.notes;
  notes.insert(notes.end(), pictures.notes.begin(), pictures.notes.end());

  const auto part = [&](int64_t first, int64_t count) {
    std::vector<int64_t> places;  // damaged files are missing
    const std::vector<int64_t>& kept = pictures.samples.indices();
    for (int64_t i = 0; i < std::ssize(kept); ++i)
      if (const int64_t file = kept[static_cast<std::size_t>(i)];
          file >= first && file < first + count)
        places.push_back(i);
    if (places.empty()) file_error(folder, "has no test pictures that can be read");
    return pictures.samples.subset(places);
  };
  const Dataset all = part(0, files.train);
  const Split given = files.test > 0 ? Split{all, part(files.train + files.validation, files.test)}
                                     : stratified_split(all, 0.2, rng);
  ImageFolderSet result{normalized_by_train(given), {}, std::move(notes)};
  if (files.validation > 0)
    result.validation =
        part(files.train, files.validation).normalized(result.split.train.normalization());
  if (const std::string note = common_pictures(pictures, files.paths, given.train, given.test);
      !note.empty())
    result.notes.push_back(note);
  return result;
}

PictureSamples load_labelled_pictures(const std::string& folder,
                                      const std::vector<std::string>& classes,
                                      const PictureOptions& options) {
  const fs::path root(folder);
  if (!is_folder(root)) file_error(folder, "no such folder");
  const fs::path test = part_of(root, {"test"});
  Finder finder;
  ImageFolder files;
  files.classes = classes;
  const fs::path& read = test.empty() ? root : test;
  const std::vector<ClassFolder> found = finder.classes_of(read);
  if (!has_pictures(found))
    file_error(folder, "has no pictures in folders of their classes: it contains {}",
               description_of(read));
  add(files, read, found);
  PictureSamples result = read_pictures(files.paths, targets_of(files), options);
  const std::vector<std::string> left_out = finder.notes();
  result.notes.insert(result.notes.begin(), left_out.begin(), left_out.end());
  return result;
}

}  // namespace gradus::data
