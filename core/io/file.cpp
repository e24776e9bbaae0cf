#include "core/io/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/error.hpp"

namespace gradus {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void system_error(const std::string& path, std::string_view action) {
  throw WriteError(fmt::format("{}: {}: {}", path, action, std::generic_category().message(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor& operator=(Descriptor&&) = delete;

  operator int() const { return number_; }
  int close() { return ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

// A temporary file, removed at the end of the scope unless it was renamed.
struct TemporaryName {
  fs::path path;
  bool renamed = false;
  ~TemporaryName() {
    if (!renamed && !path.empty()) ::unlink(path.c_str());
  }
};

constexpr std::string_view temporary_prefix = ".gradus-", temporary_suffix = ".tmp";

// open() sets the permissions of the user's umask; mkstemp() wouldn't.
int open_temporary(const fs::path& folder, TemporaryName& name) {
  static std::atomic<int> counter{0};
  for (;;) {
    const fs::path candidate = folder / fmt::format("{}{}-{}{}", temporary_prefix, ::getpid(),
                                                    counter++, temporary_suffix);
    const int file = ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) name.path = candidate;
    if (file >= 0 || errno != EEXIST) return file;
  }
}

void write_all(int file, std::string_view piece, const std::string& path) {
  while (!piece.empty()) {
    const ssize_t written = ::write(file, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) system_error(path, "can't write");
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A rename reaches the disk only when its folder is synced. Some file systems can't sync a folder.
void sync_folder(const fs::path& folder, const std::string& path) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor >= 0 && ::fsync(descriptor) != 0 && errno != EINVAL)
    system_error(path, "its folder can't be synced");
}

}  // namespace

void require_regular_file(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    file_error(path, "{}", error ? error.message() : std::string("no such file"));
  if (!fs::is_regular_file(status)) file_error(path, "is not a regular file");
}

std::string read_file(const std::string& path, std::size_t most) {
  require_regular_file(path);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  std::string text;
  ssize_t count = file < 0 ? -1 : 1;
  for (char piece[1 << 16]; count > 0;) {
    do count = ::read(file, piece, sizeof piece);
    while (count < 0 && errno == EINTR);
    if (count > 0) text.append(piece, static_cast<std::size_t>(count));
    if (text.size() > most) file_error(path, "must not be larger than {} bytes", most);
  }
  if (count < 0) file_error(path, "can't be read: {}", std::generic_category().message(errno));
  return text;
}

void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) file_error(path, "is not a regular file");
  const fs::path target =
      fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : fs::path(path);
  if (error && error != std::errc::no_such_file_or_directory)
    throw WriteError(fmt::format("{}: can't write: {}", path, error.message()));
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";

  TemporaryName name;
  Descriptor file(open_temporary(folder, name));
  if (file < 0) system_error(path, "can't write");
  for (const std::string_view piece : pieces) write_all(file, piece, path);
  if (::fsync(file) != 0 || file.close() != 0) system_error(path, "can't write");
  if (::rename(name.path.c_str(), target.c_str()) != 0)
    system_error(path, "can't be replaced by renaming");
  name.renamed = true;
  sync_folder(folder, path);
}

void write_file_atomically(const std::string& path, std::string_view contents) {
  write_file_atomically(path, std::span(&contents, 1));
}

void append_to_file(const std::string& path, std::string_view contents) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (file < 0) system_error(path, "can't write");
  write_all(file, contents, path);
  if (::fsync(file) != 0 || file.close() != 0) system_error(path, "can't write");
}

void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) system_error(to, "can't be replaced by renaming");
  const fs::path folder = fs::path(to).parent_path();
  sync_folder(folder.empty() ? "." : folder, to);
}

void remove_link(const std::string& path) {
  std::error_code ignored;
  if (fs::is_symlink(path, ignored) && ::unlink(path.c_str()) != 0 && errno != ENOENT)
    system_error(path, "the link can't be removed");
}

void make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    throw WriteError(fmt::format("{}: the folder can't be made: {}", path, error.message()));
}

void remove_temporary_files(const std::string& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(temporary_prefix) && name.ends_with(temporary_suffix))
      fs::remove(entry.path(), error);
  }
}

}  // namespace gradus
