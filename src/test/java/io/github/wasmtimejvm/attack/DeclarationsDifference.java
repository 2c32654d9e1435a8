package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.TableType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks our reader of a module's binary and the engine what the module declares. The engine's
 * opinion is what is said of compiled code whose binary is not there.
 */
final class DeclarationsDifference {
  private static final int TRAILER = 156;
  private static final int SIZE_IN_TRAILER = 100;
  private static final long MOST_IN_C = (1L << 32) - 1;

  private final Engine engine;
  private int modules;
  private int items;

  DeclarationsDifference(Engine engine) {
    this.engine = engine;
  }

  /** How many modules the engine took. */
  int modules() {
    return modules;
  }

  /** How many imports and exports they had. */
  int items() {
    return items;
  }

  /**
   * Returns what we say otherwise than the engine.
   *
   * @return {@code null} if that is nothing, or the engine does not take the module
   */
  @Nullable String of(byte[] wasm) {
    try {
      Module.validate(engine, wasm);
    } catch (CompileException e) {
      return null;
    }
    try (Module module = Module.fromBytes(engine, wasm)) {
      List<String> ours = new ArrayList<>();
      List<ExternType> types = new ArrayList<>();
      for (ImportType needed : module.imports()) {
        ours.add("import " + needed.module() + " " + needed.name());
        types.add(needed.type());
      }
      for (ExportType offered : module.exports()) {
        ours.add("export " + offered.name());
        types.add(offered.type());
      }
      modules++;
      items += ours.size();
      byte[] compiled = module.serialize();
      int size =
          ByteBuffer.wrap(compiled)
              .order(ByteOrder.LITTLE_ENDIAN)
              .getInt(compiled.length - TRAILER + SIZE_IN_TRAILER);
      try (Module engines = Module.trustCompiled(engine, Arrays.copyOf(compiled, size));
          Module again = Module.deserialize(engine, compiled)) {
        if (!again.imports().equals(module.imports())
            || !again.exports().equals(module.exports())) {
          return "read again: " + again.imports() + " " + again.exports();
        }
        return difference(ours, types, engines);
      }
    }
  }

  private static @Nullable String difference(
      List<String> ours, List<ExternType> types, Module engines) {
    List<String> theirs = new ArrayList<>();
    engines.imports().forEach(i -> theirs.add("import " + i.module() + " " + i.name()));
    engines.exports().forEach(e -> theirs.add("export " + e.name()));
    if (!ours.equals(theirs)) {
      return "names: " + ours + " are " + theirs;
    }
    int imports = engines.imports().size();
    for (int i = 0; i < types.size(); i++) {
      ExternType type = types.get(i);
      if (type instanceof TableType table && !isInC(table)) {
        continue; // to ask for it would end the process
      }
      ExternType theirType =
          i < imports ? engines.imports().get(i).type() : engines.exports().get(i - imports).type();
      if (!type.equals(theirType)
          || !theirType.equals(type)
          || type.hashCode() != theirType.hashCode()
          || !type.toString().equals(theirType.toString())) {
        return ours.get(i) + ": " + type + " is " + theirType;
      }
    }
    return null;
  }

  private static boolean isInC(TableType type) {
    return isInC(type.minimum()) && isInC(type.maximum().orElse(0));
  }

  private static boolean isInC(long limit) {
    return Long.compareUnsigned(limit, MOST_IN_C) <= 0;
  }
}
