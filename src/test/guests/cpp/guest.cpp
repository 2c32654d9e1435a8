#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

// Zig's libc++ for WASI has no file streams.
static int copy_file() {
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;
  File in(std::fopen("/data/in.txt", "r"), std::fclose);
  File out(std::fopen("/data/out.txt", "w"), std::fclose);
  char line[100];
  if (!in || !out || !std::fgets(line, sizeof line, in.get())) return 1;
  std::string text = std::string("C++ read: ") + line;
  return std::fputs(text.c_str(), out.get()) < 0;
}

int main(int argc, char **argv) {
  std::vector<std::string> args(argv, argv + argc);
  std::string command = args.size() > 1 ? args[1] : "";
  if (command == "hello") {
    std::cout << "hello from C++" << std::endl;
    std::cerr << "C++ complains" << std::endl;
  } else if (command == "args") {
    for (size_t i = 2; i < args.size(); i++) std::cout << "[" << args[i] << "]\n";
  } else if (command == "env") {
    const char *absent = std::getenv("ABSENT");
    std::cout << std::getenv("GREETING") << ", " << (absent ? absent : "absent") << "\n";
  } else if (command == "file") {
    return copy_file();
  } else if (command == "exit") {
    std::exit(std::stoi(args[2]));
  } else if (command == "crash") {
    // Throws; without exceptions libc++ aborts instead.
    return args.at(100).size();
  } else if (command != "return") {
    return 64;
  }
  return 0;
}
