package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * The files that a unit of a {@code .debug_line} section refers to, and where in the section each
 * is described.
 */
final class LineFiles {
  private static final int LONGEST_PATH = 4096;

  // In version 5: the contents that describe a file or a directory, and the forms of contents.
  private static final int CONTENT_PATH = 1;
  private static final int CONTENT_DIRECTORY = 2;
  private static final int FORM_BLOCK2 = 0x03;
  private static final int FORM_DATA2 = 0x05;
  private static final int FORM_DATA4 = 0x06;
  private static final int FORM_DATA8 = 0x07;
  private static final int FORM_STRING = 0x08;
  private static final int FORM_BLOCK = 0x09;
  private static final int FORM_DATA1 = 0x0b;
  private static final int FORM_STRP = 0x0e;
  private static final int FORM_UDATA = 0x0f;
  private static final int FORM_DATA16 = 0x1e;
  private static final int FORM_LINE_STRP = 0x1f;

  private final ByteReader tables;
  private final int version;
  private final boolean wide; // offsets have 64 bits
  private final int[] directories; // where each is described
  private final int[] files;

  // In version 5: the pairs of content and form that an entry consists of.
  private int[] directoryFormats = {};
  private int[] fileFormats = {};

  /**
   * @param tables the tables of directories and of files
   * @throws IndexOutOfBoundsException if a table is damaged
   */
  LineFiles(ByteReader tables, int version, boolean wide) {
    this.tables = tables;
    this.version = version;
    this.wide = wide;
    ByteReader in = tables.copy();
    if (version < 5) {
      directories = entries4(in, false);
      files = entries4(in, true);
    } else {
      directoryFormats = formats(in);
      directories = entries5(in, directoryFormats);
      fileFormats = formats(in);
      files = entries5(in, fileFormats);
    }
  }

  // The entries of a table end in an entry without a name.
  private static int[] entries4(ByteReader in, boolean files) {
    IntList found = new IntList();
    for (int at = in.position(); in.untilNul().remaining() > 0; at = in.position()) {
      found.add(at);
      if (files) {
        in.uleb(); // directory
        in.uleb(); // time of change
        in.uleb(); // length
      }
    }
    return found.toArray();
  }

  private static int[] formats(ByteReader in) {
    int[] formats = new int[2 * in.u8()];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = (int) Math.min(in.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
    }
    return formats;
  }

  private int[] entries5(ByteReader in, int[] formats) {
    long count = in.uleb();
    if (formats.length == 0 && count != 0) {
      throw new IndexOutOfBoundsException(); // reading entries of no bytes would not end
    }
    IntList found = new IntList();
    for (long n = 0; n != count; n++) {
      found.add(in.position());
      for (int i = 0; i < formats.length; i += 2) {
        readNumber(in, formats[i + 1]);
      }
    }
    return found.toArray();
  }

  // Returns 0 for a form that is no number. Each form has at least one byte.
  private long readNumber(ByteReader in, int form) {
    switch (form) {
      case FORM_DATA1 -> {
        return in.u8();
      }
      case FORM_DATA2 -> {
        return in.u16();
      }
      case FORM_DATA4 -> {
        return in.u32();
      }
      case FORM_DATA8 -> {
        return in.u64();
      }
      case FORM_UDATA -> {
        return in.uleb();
      }
      case FORM_STRP, FORM_LINE_STRP -> in.skip(wide ? 8 : 4);
      case FORM_STRING -> in.untilNul();
      case FORM_DATA16 -> in.skip(16);
      case FORM_BLOCK -> in.skip(in.uleb());
      case FORM_BLOCK2 -> in.skip(in.u16());
      default -> throw new IndexOutOfBoundsException();
    }
    return 0;
  }

  /**
   * Returns the path of a file as the compiler wrote it, {@code null} if there is no such file.
   *
   * @param strings the section {@code .debug_line_str}
   * @throws IndexOutOfBoundsException if the path is damaged or very long
   */
  @Nullable String path(int file, byte[] strings) {
    if (version < 5) {
      return file < 1 || file > files.length ? null : path4(file);
    }
    return file < 0 || file >= files.length ? null : path5(file, strings);
  }

  // Directories and files both count from 1. Directory 0, the compiler's own, is not in the table.
  private String path4(int file) {
    ByteReader in = tables.at(files[file - 1]);
    String name = text(in.untilNul());
    long directory = in.uleb();
    return directory < 1 || directory > directories.length
        ? name
        : join(text(tables.at(directories[(int) directory - 1]).untilNul()), name);
  }

  private record Entry(@Nullable String path, long directory) {}

  // Directories and files both count from 0. Directory 0 is the compiler's own.
  private @Nullable String path5(int file, byte[] strings) {
    Entry found = entry(files[file], fileFormats, strings);
    return found.path == null
        ? null
        : join(directory5(0, strings), join(directory5(found.directory, strings), found.path));
  }

  private String directory5(long directory, byte[] strings) {
    if (directory < 0 || directory >= directories.length) {
      return "";
    }
    String path = entry(directories[(int) directory], directoryFormats, strings).path;
    return path == null ? "" : path;
  }

  private Entry entry(int at, int[] formats, byte[] strings) {
    ByteReader in = tables.at(at);
    String path = null;
    long directory = 0;
    for (int i = 0; i < formats.length; i += 2) {
      if (formats[i] == CONTENT_PATH) {
        path = readText(in, formats[i + 1], strings);
      } else {
        long number = readNumber(in, formats[i + 1]);
        if (formats[i] == CONTENT_DIRECTORY) {
          directory = number;
        }
      }
    }
    return new Entry(path, directory);
  }

  // The section .debug_str is not kept: compilers put the names of files into .debug_line_str.
  private @Nullable String readText(ByteReader in, int form, byte[] strings) {
    switch (form) {
      case FORM_STRING -> {
        return text(in.untilNul());
      }
      case FORM_LINE_STRP -> {
        ByteReader section = new ByteReader(strings);
        section.skip(wide ? in.u64() : in.u32());
        return text(section.untilNul());
      }
      default -> {
        readNumber(in, form);
        return null;
      }
    }
  }

  private static String text(ByteReader text) {
    if (text.remaining() > LONGEST_PATH) {
      throw new IndexOutOfBoundsException();
    }
    return text.text();
  }

  private static String join(String directory, String path) {
    return directory.isEmpty() || isAbsolute(path) ? path : directory + "/" + path;
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/") || path.startsWith("\\") || path.startsWith(":", 1);
  }
}
