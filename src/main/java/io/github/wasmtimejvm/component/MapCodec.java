package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps. Of a key that comes more than once, the last value counts. */
final class MapCodec extends Codec {
  private final Codec key;
  private final Codec value;
  private final Layout.Fields entry;

  MapCodec(Codec key, Codec value) {
    this.key = key;
    this.value = value;
    this.entry = Layout.Fields.of(List.of(key.layout(), value.layout()));
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
    each(
        copy,
        data,
        Space.Vector.MAP.elementSize,
        (theKey, into) -> key.lower(theKey, into, space),
        (theValue, into) -> value.lower(theValue, into + SIZEOF, space));
  }

  private interface Writing {
    void write(@Nullable Object value, long entry);
  }

  private static void each(
      Object[] entries, long first, long entrySize, Writing key, Writing value) {
    for (int i = 0; i < entries.length; i++) {
      try {
        if (!(entries[i] instanceof Map.Entry<?, ?> entry)) {
          throw MisfitException.expected("a Map.Entry", entries[i]);
        }
        write(key, "key", entry.getKey(), first + i * entrySize);
        write(value, "value", entry.getValue(), first + i * entrySize);
      } catch (MisfitException e) {
        throw e.within("entry " + i);
      }
    }
  }

  private static void write(Writing writing, String name, @Nullable Object value, long entry) {
    try {
      writing.write(value, entry);
    } catch (MisfitException e) {
      throw e.within(name);
    }
  }

  @Override
  Layout layout() {
    return Layout.Pointer.INSTANCE;
  }

  @Override
  void store(@Nullable Object map, long at, DirectWriter out) {
    if (!(map instanceof Map<?, ?> entries)) {
      throw MisfitException.expected("a Map", map);
    }
    Object[] copy = entries.entrySet().toArray();
    each(
        copy,
        out.list(at, copy.length, entry.size(), entry.alignment()),
        entry.size(),
        (theKey, into) -> key.store(theKey, into, out),
        (theValue, into) -> value.store(theValue, into + entry.offset(1), out));
  }

  @Override
  Map<Object, Object> load(long at, DirectMemory memory) {
    long length = memory.length(at);
    long first = memory.list(at, length, entry.size(), entry.alignment());
    int size = memory.countObjects(length, entry.size());
    Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(size);
    for (int i = 0; i < size; i++) {
      long from = first + i * entry.size();
      map.put(key.load(from, memory), value.load(from + entry.offset(1), memory));
    }
    return map;
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
