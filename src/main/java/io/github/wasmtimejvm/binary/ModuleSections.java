package io.github.wasmtimejvm.binary;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a module that the engine has found valid, and copies what is needed later. The
 * constructor goes from section to section; of contents it reads the names of custom sections. The
 * names of functions are read later, and so few that reading takes a small part of the time that
 * compiling takes.
 */
public final class ModuleSections {
  private static final int HEADER = 8; // magic and version
  private static final int MODULE_NAME = 0;
  private static final int FUNCTION_NAMES = 1;

  // Bytes of names that are read, besides one for each byte of code. To read more could take as
  // long as to compile the module.
  private static final int NAMES = 1 << 17;

  private static final byte[] NAMES_SECTION = ascii("name");
  private static final byte[] LINES_SECTION = ascii(DebugLines.SECTION);
  private static final byte[] STRINGS_SECTION = ascii(DebugLines.STRINGS);

  private final MemorySegment wasm;
  private long at = HEADER;
  private final IntList kept = new IntList(); // where each declaring section begins and ends
  private long codeAt;
  private final IntList names = new IntList(); // where the content of each name section is
  private @Nullable MemorySegment code;
  private long linesAt;
  private long linesEnd = -1;
  private long stringsAt;
  private long stringsEnd;
  private @Nullable String moduleName;

  /**
   * @param wasm a valid module in the binary format
   */
  public ModuleSections(MemorySegment wasm) {
    this.wasm = wasm;
    while (at < wasm.byteSize()) {
      long start = at;
      int id = u8();
      long size = uleb();
      long end = at + size;
      if (id == SectionIds.CUSTOM) {
        custom(end);
      } else if (id == SectionIds.CODE) {
        code = wasm.asSlice(at, size);
        codeAt = at;
      } else if (SectionIds.isDeclaring(id)) {
        kept.add(Math.toIntExact(start));
        kept.add(Math.toIntExact(end));
      }
      at = end;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private int u8() {
    return wasm.get(JAVA_BYTE, at++) & 0xff;
  }

  private long uleb() {
    byte first = wasm.get(JAVA_BYTE, at);
    if (first >= 0) {
      at++;
      return first;
    }
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
  }

  // A module can have a custom section in every ten bytes or so. So nothing is allocated for each.
  private void custom(long end) {
    long length = uleb();
    long content = at + length;
    if (content == end) {
      return; // an empty section says nothing
    }
    if (isNamed(NAMES_SECTION, length)) {
      names.add(Math.toIntExact(content));
      names.add(Math.toIntExact(end));
    } else if (isNamed(LINES_SECTION, length)) {
      linesAt = content;
      linesEnd = end;
    } else if (isNamed(STRINGS_SECTION, length)) {
      stringsAt = content;
      stringsEnd = end;
    }
  }

  private boolean isNamed(byte[] name, long length) {
    if (length != name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (wasm.get(JAVA_BYTE, at + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** Copies the sections that say what the module declares. */
  public byte[] declarations() {
    int size = 0;
    for (int i = 0; i < kept.size(); i += 2) {
      size += kept.get(i + 1) - kept.get(i);
    }
    byte[] copy = new byte[size];
    int to = 0;
    for (int i = 0; i < kept.size(); i += 2) {
      int length = kept.get(i + 1) - kept.get(i);
      MemorySegment.copy(wasm, JAVA_BYTE, kept.get(i), copy, to, length);
      to += length;
    }
    return copy;
  }

  /**
   * Reads the custom sections.
   *
   * @param importedFunctions how many functions the module imports; the number is asked for with
   *     the first line
   */
  public CustomSections custom(IntSupplier importedFunctions) {
    long demangledSize = readNames();
    return new CustomSections(moduleName, lines(importedFunctions), demangledSize);
  }

  private @Nullable DebugLines lines(IntSupplier importedFunctions) {
    if (linesEnd < 0 || code == null) {
      return null;
    }
    at = codeAt;
    int[] bodies = new int[Math.toIntExact(uleb())];
    for (int i = 0; i < bodies.length; i++) {
      long size = uleb();
      bodies[i] = Math.toIntExact(at);
      at += size;
    }
    return new DebugLines(
        moduleName,
        importedFunctions,
        Math.toIntExact(codeAt),
        Math.toIntExact(code.byteSize()),
        bodies,
        copy(linesAt, Math.min(linesEnd, linesAt + DebugLines.MOST_BYTES)),
        copy(stringsAt, Math.min(stringsEnd, stringsAt + DebugLines.MOST_BYTES)));
  }

  private byte[] copy(long from, long to) {
    return wasm.asSlice(from, to - from).toArray(JAVA_BYTE);
  }

  private long readNames() {
    long most = NAMES + (code == null ? 0 : code.byteSize());
    long size = 0;
    DemangledSize demangled = new DemangledSize();
    for (int i = 0; i < names.size(); i += 2) {
      long from = names.get(i);
      long to = Math.min(names.get(i + 1), from + most);
      most -= to - from;
      size = add(size, readNames(copy(from, to), demangled));
      if (to < names.get(i + 1)) {
        return Long.MAX_VALUE;
      }
    }
    return size;
  }

  // Names count up to the first that cannot be read, as they do for the engine.
  private long readNames(byte[] bytes, DemangledSize demangled) {
    long size = 0;
    ByteReader in = new ByteReader(bytes);
    try {
      while (in.remaining() > 0) {
        int id = in.u8();
        ByteReader content = in.take(in.uleb());
        if (id == MODULE_NAME) {
          moduleName = content.name("");
        } else if (id == FUNCTION_NAMES) {
          for (long n = content.uleb(); n > 0; n--) {
            content.uleb(); // index of the function
            int length = content.count();
            int from = content.position();
            content.skip(length);
            size = add(size, demangled.of(bytes, from, length));
          }
        }
      }
    } catch (IndexOutOfBoundsException e) {
      // What was read before the damage counts.
    }
    return size;
  }

  private static long add(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
