package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The start section of a core module.
 *
 * @param from where the section begins in the bytes that the module was read from
 * @param to where it ends
 * @param function the imported function that is called, {@code null} if it is one of the module's
 *     own
 */
record ModuleStart(int from, int to, ModuleMemories.@Nullable Import function) {
  private static final int HEADER = 8;

  /** Returns the start section, {@code null} if there is none. */
  static @Nullable ModuleStart read(ByteReader in) {
    List<ModuleMemories.Import> functions = new ArrayList<>();
    ModuleStart start = null;
    in.skip(HEADER);
    while (in.remaining() > 0) {
      int from = in.position();
      int id = in.u8();
      ByteReader content = in.take(in.uleb());
      if (id == SectionIds.IMPORTS) {
        ModuleMemories.eachImport(
            content,
            (sort, item) -> {
              if (sort == CoreSort.FUNCTION) {
                functions.add(item);
              }
            });
      } else if (id == SectionIds.START) {
        int index = content.count();
        start =
            new ModuleStart(
                from, in.position(), index < functions.size() ? functions.get(index) : null);
      }
    }
    return start;
  }
}
