package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists, as {@link List}. What is lifted cannot be changed. */
final class ListCodec extends Codec {
  private static final int LONG = 64; // from here on elements are worth code of their own

  private final Codec element;
  private final Class<?> elementType;
  private @Nullable ElementCode code;

  ListCodec(Codec element) {
    this.element = element;
    this.elementType = element.javaType();
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
    ElementCode code = code(elements.length);
    for (int i = 0; i < elements.length; i++) {
      Object one = elements[i];
      try {
        if (code != null && elementType.isInstance(one)) {
          code.store(one, first + i * layout.size(), out);
        } else {
          element.store(one, first + i * layout.size(), out);
        }
      } catch (MisfitException e) {
        throw e.within("element " + i);
      }
    }
  }

  private @Nullable ElementCode code(int elements) {
    if (elements < LONG || !element.isCompiled()) {
      return null;
    }
    ElementCode made = code;
    if (made == null) {
      made = ElementCode.of(element);
      code = made;
    }
    return made;
  }

  @Override
  List<@Nullable Object> load(long at, DirectMemory memory) {
    Layout layout = element.layout();
    long length = memory.length(at);
    long first = memory.list(at, length, layout.size(), layout.alignment());
    int size = memory.countObjects(length, layout.size());
    List<@Nullable Object> list = new ArrayList<>(size);
    ElementCode code = code(size);
    for (int i = 0; i < size; i++) {
      long address = first + i * layout.size();
      list.add(code != null ? code.load(address, memory) : element.load(address, memory));
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
