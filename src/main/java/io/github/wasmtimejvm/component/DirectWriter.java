package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putInt;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call puts into a guest's memory. It is written down first, in memory of ours or by
 * reference to an array, while code of the user's may run and fail. Only then the guest is asked
 * for room, and at last all is copied in one go, in which nobody else's code runs: nothing of the
 * guest's memory is written that was not checked just before.
 *
 * <p>Calls of a store lie within each other, and so do their parts here.
 */
final class DirectWriter {
  private static final int LATIN1_MAX = 0xff;
  private static final int UTF16_MARK = 1 << 31; // in the length of a string that may be Latin-1

  private final ComponentStore store;
  private StringEncoding encoding = StringEncoding.UTF8;

  // Of each part: what it is, and what the guest is asked for.
  private @Nullable Object[] sources = new Object[8]; // a Long is an address, else as below
  private long[] sizes = new long[8];
  private int[] alignments = new int[8];
  private long[] pointers = new long[8]; // where the part's address in the guest goes; 0: nowhere
  private long[] addresses = new long[8]; // in our memory, for parts without a source
  private long[] places = new long[8]; // in the guest; of a handle: not 0 if it has been given
  private int count;

  DirectWriter(ComponentStore store) {
    this.store = store;
  }

  ComponentStore store() {
    return store;
  }

  /** How many parts there are. */
  int count() {
    return count;
  }

  /** How strings are written. */
  StringEncoding encoding() {
    return encoding;
  }

  /** Sets how strings are written from now on; returns how they were before. */
  StringEncoding setEncoding(StringEncoding encoding) {
    StringEncoding before = this.encoding;
    this.encoding = encoding;
    return before;
  }

  /** Forgets the last parts. */
  void truncate(int count) {
    for (int i = count; i < this.count; i++) {
      sources[i] = null;
    }
    this.count = count;
  }

  /**
   * Adds a part that lies in our memory.
   *
   * @param pointer where its address in the guest goes; 0 if nowhere
   */
  void addPart(long address, long size, int alignment, long pointer) {
    add(null, address, size, alignment, pointer);
  }

  /**
   * Makes the memory of a list's elements.
   *
   * @param at where the list is: its pointer and length
   * @return where the elements go; all zeroes, as what lies between values is the guest's, too
   */
  long list(long at, int length, long elementSize, int alignment) {
    long size = Math.multiplyExact(length, elementSize);
    checkSize(size);
    long address = store.scratch().allocate(size);
    putInt(at + Integer.BYTES, length);
    add(null, address, size, alignment, at);
    return address;
  }

  /**
   * Makes a list of an array or segment, which is copied when the guest has room for it.
   *
   * @param at where the list is
   * @param source a primitive array, or a segment
   */
  void bulk(long at, Object source, long length, int elementSize) {
    long size = length * elementSize;
    checkSize(size);
    // What shows a guest's memory ends when the guest is asked for room.
    Object lasting =
        source instanceof MemorySegment segment && store.views().has(segment)
            ? segment.toArray(ValueLayout.JAVA_BYTE)
            : source;
    putInt(at + Integer.BYTES, (int) length);
    add(lasting, 0, size, elementSize, at);
  }

  /**
   * Adds a handle of a resource of the guest's.
   *
   * @param at where its number goes
   * @param value the engine's value
   * @param own whether it is given, and not lent
   */
  void handle(long at, long value, ResourceType type, boolean own) {
    add(new Handle(type, own), value, 0, 1, at);
  }

  private record Handle(ResourceType type, boolean own) {}

  private static void checkSize(long size) {
    if (size > Integer.toUnsignedLong(-1)) {
      throw new MisfitException("%s bytes are more than a guest can have".formatted(size));
    }
  }

  /**
   * Makes a string.
   *
   * @param at where it is: its pointer and length
   */
  void text(long at, String text) {
    byte[] bytes;
    try {
      bytes = NativeVector.utf8(text);
    } catch (IllegalArgumentException e) {
      throw new MisfitException(String.valueOf(e.getMessage()));
    }
    switch (encoding) {
      case UTF8 -> text(at, bytes, bytes.length, 1);
      case UTF16 -> utf16(at, text, 0);
      case LATIN1_OR_UTF16 -> {
        if (text.chars().allMatch(c -> c <= LATIN1_MAX)) {
          text(at, text.getBytes(StandardCharsets.ISO_8859_1), text.length(), Short.BYTES);
        } else {
          utf16(at, text, UTF16_MARK);
        }
      }
    }
  }

  private void utf16(long at, String text, int mark) {
    text(at, text.getBytes(StandardCharsets.UTF_16LE), text.length() | mark, Short.BYTES);
  }

  private void text(long at, byte[] bytes, int length, int alignment) {
    putInt(at + Integer.BYTES, length);
    add(bytes, 0, bytes.length, alignment, at);
  }

  private void add(@Nullable Object source, long address, long size, int alignment, long pointer) {
    if (count == sizes.length) {
      int more = 2 * count;
      sources = Arrays.copyOf(sources, more);
      alignments = Arrays.copyOf(alignments, more);
      pointers = Arrays.copyOf(pointers, more);
      addresses = Arrays.copyOf(addresses, more);
      places = Arrays.copyOf(places, more);
      sizes = Arrays.copyOf(sizes, more);
    }
    sources[count] = source;
    addresses[count] = address;
    sizes[count] = size;
    alignments[count] = alignment;
    pointers[count] = pointer;
    places[count] = 0;
    count++;
  }

  /**
   * Has the engine give and lend the handles from one part on, within a call of the instance.
   *
   * @param frame for the values of its calls
   */
  void giveHandles(ComponentInstance instance, long frame, int from) {
    for (int i = from; i < count; i++) {
      if (sources[i] instanceof Handle(ResourceType type, boolean own)) {
        DirectPlan.Handles names = instance.handles(type);
        CoreFunction give = instance.handleFunction(own ? names.give() : names.lend());
        for (long word = 0; word < Codec.SIZEOF; word += Long.BYTES) {
          putLong(frame + word, getLong(addresses[i] + word));
        }
        putInt(pointers[i], (int) give.call(store, frame));
        places[i] = own ? 1 : 0;
      }
    }
  }

  /** Whether the guest has got one of the handles from one part on. */
  boolean hasGiven(int from) {
    for (int i = from; i < count; i++) {
      if (sources[i] instanceof Handle && places[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Asks the guest for room for the parts from one on, within a call of the instance.
   *
   * @param realloc its {@code cabi_realloc}
   * @param frame for the values of its calls
   */
  void askForRoom(CoreFunction realloc, long frame, int from) {
    int end = count; // what the guest calls meanwhile has parts behind
    for (int i = from; i < end; i++) {
      if (sources[i] instanceof Handle) {
        continue;
      }
      int place = realloc.call(store, frame, 0, 0, alignments[i], (int) sizes[i]);
      places[i] = Integer.toUnsignedLong(place);
      if (pointers[i] != 0) {
        putInt(pointers[i], place);
      }
    }
  }

  /** Where the guest has room for a part. */
  long place(int part) {
    return places[part];
  }

  /** Copies the parts from one on into the guest, which has room for all of them. */
  void copyTo(DirectMemory memory, int from) {
    for (int i = from; i < count; i++) {
      if (!(sources[i] instanceof Handle)) {
        memory.check(places[i], sizes[i], alignments[i], "what the guest's cabi_realloc returned");
      }
    }
    for (int i = from; i < count; i++) {
      if (sizes[i] > 0) {
        MemorySegment into = memory.segment(places[i], sizes[i]);
        MemorySegment what =
            switch (sources[i]) {
              case null -> NativeVector.sized(MemorySegment.ofAddress(addresses[i]), sizes[i]);
              case byte[] array -> MemorySegment.ofArray(array);
              case short[] array -> MemorySegment.ofArray(array);
              case int[] array -> MemorySegment.ofArray(array);
              case long[] array -> MemorySegment.ofArray(array);
              case float[] array -> MemorySegment.ofArray(array);
              case double[] array -> MemorySegment.ofArray(array);
              case MemorySegment segment -> segment;
              default -> throw new AssertionError(Objects.requireNonNull(sources[i]).getClass());
            };
        MemorySegment.copy(what, 0, into, 0, sizes[i]);
      }
    }
  }
}
