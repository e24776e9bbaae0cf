# Cross-compiles for 64-bit ARM with Debian's g++-aarch64-linux-gnu; tests run in qemu-user. The libraries
# are the arm64 packages (dpkg --add-architecture arm64), installed beside those of this machine.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)
