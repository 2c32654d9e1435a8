package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Calls of every function of WASI preview 1 with wild descriptors, pointers and sizes. */
final class WildCalls {
  private static final String MODULE = "wasi_snapshot_preview1";
  private static final List<String> NAMES =
      List.of(
          ("args_get args_sizes_get environ_get environ_sizes_get clock_res_get clock_time_get"
                  + " fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags"
                  + " fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size"
                  + " fd_filestat_set_times fd_pread fd_prestat_get fd_prestat_dir_name fd_pwrite"
                  + " fd_read fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write"
                  + " path_create_directory path_filestat_get path_filestat_set_times path_link"
                  + " path_open path_readlink path_remove_directory path_rename path_symlink"
                  + " path_unlink_file poll_oneoff proc_exit proc_raise sched_yield random_get"
                  + " sock_accept sock_recv sock_send sock_shutdown")
              .split(" "));
  private static final Map<String, FuncType> TYPES = types();

  private static final List<String> MEMORIES =
      List.of(
          "(memory (export \"memory\") 1 4)",
          "(memory (export \"memory\") 1 4)",
          "(memory (export \"memory\") 1 4)",
          "(memory (export \"memory\") 0)",
          "(memory (export \"memory\") 1) (memory (export \"other\") 1)",
          "(memory 1)",
          "(memory (export \"other\") 1)",
          "(memory (export \"memory\") i64 1)",
          "(memory 1) (func (export \"memory\"))");

  private WildCalls() {}

  private static Map<String, FuncType> types() {
    Map<String, FuncType> types = new LinkedHashMap<>();
    try (Engine engine = Engine.create();
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().build().applyTo(store);
      for (String name : NAMES) {
        types.put(name, ((Func) linker.get(store, MODULE, name).orElseThrow()).type());
      }
    }
    return types;
  }

  static Guest guest(String family, Random random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    FuncType type = TYPES.get(name);
    String params =
        type.params().stream()
            .map(Object::toString)
            .collect(Collectors.joining(" ", "(param ", ")"));
    String results =
        type.results().stream()
            .map(Object::toString)
            .collect(Collectors.joining(" ", "(result ", ")"));
    StringBuilder passed = new StringBuilder();
    for (int i = 0; i < type.params().size(); i++) {
      passed.append("(local.get ").append(i).append(')');
    }
    String memory = MEMORIES.get(random.nextInt(MEMORIES.size()));
    String text =
        """
        (module
          (import "host" "f" (func $host))
          (import "%s" "%s" (func $f %s %s))
          %s
          (func (export "run") %s %s (call $host) (call $f %s))
          %s)
        """
            .formatted(
                MODULE,
                name,
                params,
                results,
                memory,
                params,
                results,
                passed,
                data(memory, random));
    // It may wait, for a clock or for ever, if Java does not answer and time is not virtual.
    boolean waits = name.equals("poll_oneoff");
    return Guest.ofText(
            family + ": " + name + ", " + memory,
            text,
            "run",
            (name.equals("proc_exit") ? "exits" : "returns errors") + (waits ? " stopped" : ""))
        .called(1 + random.nextInt(30));
  }

  // Small numbers, which are pointers and sizes, and names of files.
  private static String data(String memory, Random random) {
    if (memory.contains(" 0)") || memory.contains("i64")) {
      return "";
    }
    StringBuilder bytes = new StringBuilder("folder/a\\00..\\00/b/../c\\00\\00");
    for (int i = 0; i < 500; i++) {
      int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(200);
      for (int at = 0; at < 32; at += 8) {
        bytes.append("\\%02x".formatted(value >> at & 0xff));
      }
    }
    return "(data (i32.const 0) \"" + bytes + "\")";
  }
}
