package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists, as {@link List}. What is lifted cannot be changed. */
final class ListCodec extends Codec {
  private final Codec element;

  ListCodec(Codec element) {
    this.element = element;
  }

  @Override
  Class<?> javaType() {
    return List.class;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!(value instanceof List<?> list)) {
      throw MisfitException.expected("a List", value);
    }
    // A copy: the list may have another size when it is asked again.
    @Nullable Object[] elements = list.toArray();
    // The kind is set first, so that a half-built list is deleted as a whole.
    long data = space.vector(Space.Vector.LIST, at + OF, elements.length);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_LIST);
    for (int i = 0; i < elements.length; i++) {
      try {
        element.lower(elements[i], data + i * SIZEOF, space);
      } catch (MisfitException e) {
        throw e.within("element " + i);
      }
    }
  }

  @Override
  Layout layout() {
    return Layout.Pointer.INSTANCE;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    if (!(value instanceof List<?> list)) {
      throw MisfitException.expected("a List", value);
    }
    @Nullable Object[] elements = list.toArray();
    Layout layout = element.layout();
    long first = out.list(at, elements.length, layout.size(), layout.alignment());
    for (int i = 0; i < elements.length; i++) {
      try {
        element.store(elements[i], first + i * layout.size(), out);
      } catch (MisfitException e) {
        throw e.within("element " + i);
      }
    }
  }

  @Override
  List<@Nullable Object> load(long at, DirectMemory memory) {
    Layout layout = element.layout();
    long length = memory.length(at);
    long first = memory.list(at, length, layout.size(), layout.alignment());
    int size = memory.countObjects(length, layout.size());
    List<@Nullable Object> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(element.load(first + i * layout.size(), memory));
    }
    return Collections.unmodifiableList(list);
  }

  @Override
  List<@Nullable Object> lift(long at, ComponentStore store) {
    int size = Math.toIntExact(getLong(at + OF));
    long data = getLong(at + OF + 8);
    List<@Nullable Object> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(element.lift(data + i * SIZEOF, store));
    }
    return Collections.unmodifiableList(list);
  }
}
