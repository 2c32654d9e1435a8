package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.NativeVector;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Flags, as a set of those that are set. */
final class FlagsCodec extends Codec {
  private final NamesShape shape;
  private final Class<?> setType;
  private final Supplier<Set<Object>> empty;
  private final NativeNames names;
  private final Layout layout;

  /**
   * @param setType the class of the sets in Java
   * @param empty makes an empty one
   */
  FlagsCodec(NamesShape shape, Class<?> setType, Supplier<Set<Object>> empty, List<String> names) {
    this.shape = shape;
    this.setType = setType;
    this.empty = empty;
    this.names = new NativeNames(names);
    this.layout = Layout.Flags.of(names.size());
  }

  @Override
  Class<?> javaType() {
    return setType;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    BitSet set = bits(value);
    long data = space.vector(Space.Vector.FLAGS, at + OF, set.cardinality());
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_FLAGS);
    for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
      space.name(data, names.get(i));
      data += NativeVector.SIZEOF;
    }
  }

  @Override
  Object lift(long at, ComponentStore store) {
    Set<Object> flags = empty.get();
    long count = getLong(at + OF);
    long data = getLong(at + OF + 8);
    for (long i = 0; i < count; i++) {
      flags.add(shape.at(names.indexAt(data + i * NativeVector.SIZEOF)));
    }
    return flags;
  }

  // In the order of the type, and each once.
  private BitSet bits(@Nullable Object value) {
    if (!(value instanceof Set<?> flags)) {
      throw MisfitException.expected("a Set", value);
    }
    BitSet set = new BitSet(names.size());
    for (Object flag : flags) {
      set.set(shape.indexOf(flag));
    }
    return set;
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    BitSet set = bits(value);
    int bits = set.isEmpty() ? 0 : (int) set.toLongArray()[0];
    Layout.putUnsigned(at, (int) layout.size(), bits);
  }

  // Bits beyond the last flag mean nothing.
  @Override
  Object load(long at, DirectMemory memory) {
    Set<Object> flags = empty.get();
    long bits = Layout.getUnsigned(memory.address(at), (int) layout.size());
    memory.countFlags(Long.bitCount(bits));
    for (int i = 0; i < names.size(); i++) {
      if ((bits >>> i & 1) != 0) {
        flags.add(shape.at(i));
      }
    }
    return flags;
  }
}
