package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps. Of a key that comes more than once, the last value counts. */
final class MapCodec extends Codec {
  private final Codec key;
  private final Codec value;

  MapCodec(Codec key, Codec value) {
    this.key = key;
    this.value = value;
  }

  @Override
  Class<?> javaType() {
    return Map.class;
  }

  @Override
  void lower(@Nullable Object map, long at, Space space) {
    if (!(map instanceof Map<?, ?> entries)) {
      throw MisfitException.expected("a Map", map);
    }
    Object[] copy = entries.entrySet().toArray();
    long data = space.vector(Space.Vector.MAP, at + OF, copy.length);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_MAP);
    for (int i = 0; i < copy.length; i++) {
      long into = data + i * Space.Vector.MAP.elementSize;
      try {
        if (!(copy[i] instanceof Map.Entry<?, ?> entry)) {
          throw MisfitException.expected("a Map.Entry", copy[i]);
        }
        lower(key, "key", entry.getKey(), into, space);
        lower(value, "value", entry.getValue(), into + SIZEOF, space);
      } catch (MisfitException e) {
        throw e.within("entry " + i);
      }
    }
  }

  private static void lower(
      Codec codec, String name, @Nullable Object value, long at, Space space) {
    try {
      codec.lower(value, at, space);
    } catch (MisfitException e) {
      throw e.within(name);
    }
  }

  @Override
  Map<Object, Object> lift(long at, ComponentStore store) {
    int size = Math.toIntExact(getLong(at + OF));
    long data = getLong(at + OF + 8);
    Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(size);
    for (int i = 0; i < size; i++) {
      long entry = data + i * Space.Vector.MAP.elementSize;
      map.put(key.lift(entry, store), value.lift(entry + SIZEOF, store));
    }
    return map;
  }
}
