package io.github.wasmtimejvm;

import org.jspecify.annotations.Nullable;

/**
 * What a module's binary says about itself that the engine does not pass on.
 *
 * @param moduleName its name from its name section
 * @param lines its source lines, {@code null} if it has none
 * @param demangledSize about how many bytes the names of its functions have at most when they are
 *     demangled, {@link Long#MAX_VALUE} if that is not known
 */
record CustomSections(@Nullable String moduleName, @Nullable DebugLines lines, long demangledSize) {
  /** For a module whose binary is not there. */
  static final CustomSections UNKNOWN = new CustomSections(null, null, Long.MAX_VALUE);

  private static final int HEADER = 8; // magic and version
  private static final int CUSTOM = 0;
  private static final int CODE = 10;
  private static final int MODULE_NAME = 0;
  private static final int FUNCTION_NAMES = 1;
  private static final ByteReader NONE = new ByteReader(new byte[0]);

  /**
   * @param wasm a valid module in the binary format
   * @param importedFunctions how many functions it imports
   */
  static CustomSections of(byte[] wasm, int importedFunctions) {
    try {
      return new Scan().sections(new ByteReader(wasm), importedFunctions);
    } catch (IndexOutOfBoundsException e) {
      return UNKNOWN;
    }
  }

  /** Keeps only where things are until it is known what is needed. */
  private static final class Scan {
    private @Nullable String moduleName;
    private long demangledSize;
    private @Nullable ByteReader code;
    private @Nullable ByteReader lines;
    private ByteReader lineStrings = NONE;
    private ByteReader strings = NONE;

    CustomSections sections(ByteReader wasm, int importedFunctions) {
      wasm.skip(HEADER);
      while (wasm.remaining() > 0) {
        int id = wasm.u8();
        ByteReader content = wasm.take(wasm.uleb());
        if (id == CODE) {
          code = content;
        } else if (id == CUSTOM) {
          custom(content.take(content.uleb()).text(), content);
        }
      }
      return new CustomSections(moduleName, lines(importedFunctions), demangledSize);
    }

    private void custom(String name, ByteReader content) {
      switch (name) {
        case "name" -> names(content);
        case ".debug_line" -> lines = content;
        case ".debug_line_str" -> lineStrings = content;
        case ".debug_str" -> strings = content;
        default -> {}
      }
    }

    // As the engine does: what is readable counts up to what is not.
    private void names(ByteReader in) {
      try {
        while (in.remaining() > 0) {
          int id = in.u8();
          ByteReader content = in.take(in.uleb());
          if (id == MODULE_NAME) {
            moduleName = content.take(content.uleb()).text();
          } else if (id == FUNCTION_NAMES) {
            for (long n = content.uleb(); n > 0; n--) {
              content.uleb(); // index of the function
              String name = content.take(content.uleb()).text();
              demangledSize = add(demangledSize, DemangledSize.of(name));
            }
          }
        }
      } catch (IndexOutOfBoundsException e) {
        // A damaged name section is none.
      }
    }

    private static long add(long a, long b) {
      return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private @Nullable DebugLines lines(int importedFunctions) {
      if (lines == null || code == null) {
        return null;
      }
      return new DebugLines(
          moduleName,
          importedFunctions,
          code,
          lines.toArray(),
          new LineUnit.Strings(
              new ByteReader(lineStrings.toArray()), new ByteReader(strings.toArray())));
    }
  }
}
