package io.github.wasmtimejvm.binary;

import io.github.wasmtimejvm.internal.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the parts that all sections of a component are made of. */
final class ComponentInput {
  private static final int LONGEST_NUMBER = 5; // bytes of an unsigned number of 32 bits
  private static final int LONGEST_NAME = 100_000; // as for the engine
  private static final int LONGEST_SHOWN = 200; // characters of a name in a message

  private static final char REPLACEMENT = '\ufffd'; // stands for what is no UTF-8, or for itself

  private final byte[] bytes;
  private final ByteReader in;
  private final Set<ComponentFeature> features;

  ComponentInput(byte[] bytes) {
    this(bytes, new ByteReader(bytes), EnumSet.noneOf(ComponentFeature.class));
  }

  private ComponentInput(byte[] bytes, ByteReader in, Set<ComponentFeature> features) {
    this.bytes = bytes;
    this.in = in;
    this.features = features;
  }

  /** Notes that the component uses a feature. */
  void uses(ComponentFeature feature) {
    features.add(feature);
  }

  /** Notes the features of a component within. */
  void uses(Set<ComponentFeature> inner) {
    features.addAll(inner);
  }

  Set<ComponentFeature> features() {
    return features;
  }

  MalformedComponentException malformed(String message) {
    return new MalformedComponentException(message, in.position());
  }

  /** Says what is wrong with a name, which is anything that the bytes say. */
  MalformedComponentException malformed(String message, String name) {
    String begin = name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
    return malformed(message + ": " + Printable.of(begin));
  }

  MalformedComponentException unknown(String what, int code) {
    return malformed("Unknown " + what + " 0x" + Integer.toHexString(code));
  }

  int position() {
    return in.position();
  }

  int end() {
    return in.position() + in.remaining();
  }

  boolean hasMore() {
    return in.remaining() > 0;
  }

  int peek() {
    return in.peek();
  }

  int u8() {
    return in.u8();
  }

  void skipAll() {
    in.skip(in.remaining());
  }

  /** Reads an index, a number or a size. No such thing is larger than an array. */
  int u32() {
    int from = in.position();
    long number = in.uleb();
    if (in.position() - from > LONGEST_NUMBER || number > Integer.MAX_VALUE) {
      throw malformed("A number is too large");
    }
    return (int) number;
  }

  /** Reads a number that may be negative, of at most 33 bits. */
  long s33() {
    int from = in.position();
    long number = in.sleb();
    if (in.position() - from > LONGEST_NUMBER) {
      throw malformed("A number is too large");
    }
    return number;
  }

  /** Reads how many elements follow. Each takes a byte at least. */
  int count(int most) {
    int count = u32();
    if (count > most || count > in.remaining()) {
      throw malformed("There cannot be " + count + " elements");
    }
    return count;
  }

  <T> List<T> list(int most, Supplier<T> element) {
    int count = count(most);
    List<T> list = new ArrayList<>(Math.min(count, 16)); // a damaged count costs nothing
    for (int i = 0; i < count; i++) {
      list.add(element.get());
    }
    return List.copyOf(list);
  }

  boolean flag(String what) {
    int code = u8();
    if (code > 1) {
      throw unknown(what, code);
    }
    return code == 1;
  }

  void expect(int code, String what) {
    int found = u8();
    if (found != code) {
      throw unknown(what, found);
    }
  }

  String name() {
    int length = u32();
    if (length > LONGEST_NAME) {
      throw malformed("A name is too long");
    }
    int from = in.position();
    in.skip(length);
    String name = length == 0 ? "" : new String(bytes, from, length, StandardCharsets.UTF_8);
    if (name.indexOf(REPLACEMENT) >= 0 && !isUtf8(from, length)) {
      throw malformed("A name is no UTF-8");
    }
    return name;
  }

  private boolean isUtf8(int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Takes the next bytes as an input of their own. */
  ComponentInput take(int length) {
    return new ComponentInput(bytes, in.take(length), features);
  }

  /** Takes the rest as a component within, which has features of its own. */
  ComponentInput inner() {
    EnumSet<ComponentFeature> inner = EnumSet.noneOf(ComponentFeature.class);
    return new ComponentInput(bytes, in.take(in.remaining()), inner);
  }
}
