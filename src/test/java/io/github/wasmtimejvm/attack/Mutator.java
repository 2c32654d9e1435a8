package io.github.wasmtimejvm.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Changes modules: single bits and bytes, numbers, and whole sections. */
final class Mutator {
  private static final int HEADER = 8;
  private static final long[] NUMBERS = {
    0, 1, 0x7f, 0x80, 0xffff, 0x10000, 0x7fff_ffffL, 0xffff_ffffL, 1L << 32, Long.MAX_VALUE, -1
  };

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** Returns a changed copy, with parts of the other one at times. */
  byte[] mutate(byte[] wasm, byte[] other) {
    byte[] changed = wasm.clone();
    int times = random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(6);
    for (int i = 0; i < times && changed.length > HEADER; i++) {
      changed =
          switch (random.nextInt(16)) {
            case 0, 1, 2 -> bit(changed);
            case 3, 4, 5, 6, 7, 8 -> anotherByte(changed);
            case 9 -> number(changed);
            case 10 -> Arrays.copyOf(changed, random.nextInt(changed.length));
            case 11 -> splice(changed, other);
            case 12 -> moved(changed);
            default -> sections(changed, other);
          };
    }
    return changed;
  }

  /** Returns a text with characters and words changed, dropped and repeated. */
  String mutate(String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = 1 + random.nextInt(4); n > 0 && !changed.isEmpty(); n--) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + random.nextInt(30));
      switch (random.nextInt(5)) {
        case 0 -> changed.delete(at, end);
        case 1 -> changed.insert(random.nextInt(changed.length()), changed.substring(at, end));
        case 2 -> changed.setCharAt(at, "()$\"; 0x\\\u00e4\0-.".charAt(random.nextInt(13)));
        case 3 -> changed.insert(at, Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]));
        default -> changed.replace(at, end, "(".repeat(random.nextInt(200)));
      }
    }
    return changed.toString();
  }

  private byte[] bit(byte[] wasm) {
    wasm[random.nextInt(wasm.length)] ^= (byte) (1 << random.nextInt(8));
    return wasm;
  }

  private byte[] anotherByte(byte[] wasm) {
    int at = HEADER + random.nextInt(wasm.length - HEADER);
    wasm[at] =
        (byte)
            switch (random.nextInt(3)) {
              case 0 -> random.nextInt(256);
              case 1 -> wasm[at] + 1;
              default -> wasm[random.nextInt(wasm.length)];
            };
    return wasm;
  }

  // A number anywhere, longer or shorter than what was there.
  private byte[] number(byte[] wasm) {
    int at = HEADER + random.nextInt(wasm.length - HEADER);
    int end = at;
    while (end < wasm.length - 1 && wasm[end] < 0) {
      end++;
    }
    WasmBytes out = new WasmBytes().put(Arrays.copyOf(wasm, at));
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    out = random.nextBoolean() ? out.unsigned(value) : out.signed(value);
    return out.put(Arrays.copyOfRange(wasm, end + 1, wasm.length)).toArray();
  }

  private byte[] splice(byte[] wasm, byte[] other) {
    return new WasmBytes()
        .put(Arrays.copyOf(wasm, random.nextInt(wasm.length)))
        .put(Arrays.copyOfRange(other, random.nextInt(other.length), other.length))
        .toArray();
  }

  // Some bytes stand in another place too, or instead of others.
  private byte[] moved(byte[] wasm) {
    int from = random.nextInt(wasm.length);
    int to = random.nextInt(wasm.length);
    int count = Math.min(random.nextInt(20), wasm.length - Math.max(from, to));
    System.arraycopy(wasm, from, wasm, to, count);
    return wasm;
  }

  private byte[] sections(byte[] wasm, byte[] other) {
    List<byte[]> sections = split(wasm);
    List<byte[]> others = split(other);
    if (sections.isEmpty() || others.isEmpty()) {
      return wasm;
    }
    int at = random.nextInt(sections.size());
    switch (random.nextInt(5)) {
      case 0 -> sections.remove(at);
      case 1 -> sections.add(at, sections.get(random.nextInt(sections.size())));
      case 2 -> Collections.swap(sections, at, random.nextInt(sections.size()));
      case 3 -> {
        byte[] section = others.get(random.nextInt(others.size()));
        // Where the module has the same section, so that the order stays right.
        for (int i = 0; i < sections.size(); i++) {
          if (sections.get(i)[0] == section[0]) {
            at = i;
          }
        }
        sections.set(at, section);
      }
      default -> sections.set(at, shifted(sections.get(at)));
    }
    WasmBytes out = new WasmBytes().put(Arrays.copyOf(wasm, HEADER));
    sections.forEach(out::put);
    return out.toArray();
  }

  // A byte more or less, and a length that is right.
  private byte[] shifted(byte[] section) {
    int at = 1;
    while (at < section.length - 1 && section[at] < 0) {
      at++;
    }
    byte[] content = Arrays.copyOfRange(section, at + 1, section.length);
    if (content.length == 0) {
      return section;
    }
    int place = random.nextInt(content.length);
    WasmBytes changed = new WasmBytes().put(Arrays.copyOf(content, place));
    if (random.nextBoolean()) {
      changed.put(random.nextInt(256)).put(content[place]);
    }
    changed.put(Arrays.copyOfRange(content, place + 1, content.length));
    return new WasmBytes().put(section[0]).sized(changed.toArray()).toArray();
  }

  /** Returns the sections, with their headers, as far as they can be told. */
  private static List<byte[]> split(byte[] wasm) {
    List<byte[]> sections = new ArrayList<>();
    int at = HEADER;
    while (at + 1 < wasm.length) {
      long size = 0;
      int place = at + 1;
      int shift = 0;
      while (place < wasm.length - 1 && wasm[place] < 0 && shift < 28) {
        size |= (long) (wasm[place++] & 0x7f) << shift;
        shift += 7;
      }
      size |= (long) (wasm[place] & 0x7f) << shift;
      int end = (int) Math.min(wasm.length, place + 1 + size);
      sections.add(Arrays.copyOfRange(wasm, at, end));
      at = end;
    }
    return sections;
  }
}
