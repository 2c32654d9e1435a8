import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.teavm.interop.Address;
import org.teavm.interop.Import;

final class Guest {
  private Guest() {}

  public static void main(String[] args) throws IOException {
    switch (args.length > 0 ? args[0] : "") {
      case "hello" -> {
        System.out.println("hello from Java");
        System.err.println("Java complains");
      }
      case "args" -> {
        for (int i = 1; i < args.length; i++) {
          System.out.println("[" + args[i] + "]");
        }
      }
      case "env" -> {
        Map<String, String> env = environment();
        System.out.println(env.get("GREETING") + ", " + env.getOrDefault("ABSENT", "absent"));
      }
      case "file" -> copyFile();
      case "exit" -> exit(Integer.parseInt(args[1]));
      case "crash" -> throw new IllegalStateException("Java crashes");
      case "return" -> {}
      default -> exit(64);
    }
  }

  private static void copyFile() throws IOException {
    char[] text = new char[100];
    int size;
    try (FileReader in = new FileReader("/data/in.txt")) {
      size = in.read(text);
    }
    try (FileWriter out = new FileWriter("/data/out.txt")) {
      out.write("Java read: " + new String(text, 0, size));
    }
  }

  private static Map<String, String> environment() {
    int[] sizes = new int[2];
    environSizesGet(Address.ofData(sizes), Address.ofData(sizes).add(4));
    int[] pointers = new int[sizes[0]];
    byte[] bytes = new byte[sizes[1]];
    environGet(Address.ofData(pointers), Address.ofData(bytes));
    Map<String, String> environment = new HashMap<>();
    for (String variable : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return environment;
  }

  // For WASI TeaVM has no System.exit, and a System.getenv that knows no variable.

  @Import(module = "wasi_snapshot_preview1", name = "proc_exit")
  private static native void exit(int status);

  @Import(module = "wasi_snapshot_preview1", name = "environ_sizes_get")
  private static native int environSizesGet(Address count, Address size);

  @Import(module = "wasi_snapshot_preview1", name = "environ_get")
  private static native int environGet(Address pointers, Address bytes);
}
