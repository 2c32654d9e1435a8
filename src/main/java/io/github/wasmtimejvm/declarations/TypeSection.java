package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ConcreteHeapType;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.binary.ByteReader;
import io.github.wasmtimejvm.binary.IntList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types that a module defines. A function type is decoded once, however many items have that
 * type.
 *
 * <p>Only the engine has objects for the heap types that a module defines. The section tells their
 * kinds, and the engine is asked for the object when such a type is used.
 */
final class TypeSection {
  private static final int REC = 0x4e;
  private static final int SUB = 0x50;
  private static final int SUB_FINAL = 0x4f;
  private static final int ARRAY = 0x5e;
  private static final int STRUCT = 0x5f;
  private static final int FUNC = 0x60;
  private static final int PACKED_FIRST = 0x77; // i16; i8 is the next

  // The position of one type in so many is kept. To find another one, those before are skipped.
  private static final int STEP = 4;

  private static final int PAGE_BITS = 6;
  private static final int PAGE = 1 << PAGE_BITS;

  // A heap type takes more room in Java than in a module. So their number is bounded, by these few
  // and one for so many bytes of declarations.
  private static final int FEWEST_HEAP_TYPES = 256;
  private static final int BYTES_OF_HEAP_TYPE = 25;

  // Stands in place of a function type that refers to a heap type beyond that bound.
  private static final FuncType NOT_DESCRIBED = new FuncType(List.of(), List.of());

  private final TypeFactory factory;
  private final byte[] bytes;
  private final int mostHeapTypes;
  private final NativeTypes nativeTypes;
  private final int[] places; // the position of each STEPth type
  private final int count;

  // The types that were decoded, by the higher bits of their indices and by the lower. A page is
  // made for the first type in it.
  private final @Nullable FuncType @Nullable [][] funcs;
  private final References references = new References();
  private int heapTypes;

  /**
   * @param bytes the module's declarations
   * @param section where the content of the section begins; -1 if there is none
   * @throws IndexOutOfBoundsException if the section cannot be read
   */
  TypeSection(TypeFactory factory, byte[] bytes, int section, NativeTypes nativeTypes) {
    this.factory = factory;
    this.bytes = bytes;
    this.mostHeapTypes = FEWEST_HEAP_TYPES + bytes.length / BYTES_OF_HEAP_TYPE;
    this.nativeTypes = nativeTypes;
    IntList found = new IntList();
    this.count = section < 0 ? 0 : index(ByteReader.from(bytes, section), found);
    this.places = found.toArray();
    this.funcs = new FuncType[(count >> PAGE_BITS) + 1][];
  }

  // Finds the positions, and returns how many types there are.
  private static int index(ByteReader in, IntList places) {
    int types = 0;
    for (int groups = in.count(); groups > 0; groups--) {
      int members = 1;
      if (in.peek() == REC) {
        in.u8();
        members = in.count();
      }
      for (; members > 0; members--) {
        if (types++ % STEP == 0) {
          places.add(in.position());
        }
        skip(in);
      }
    }
    return types;
  }

  private static void skip(ByteReader in) {
    switch (composite(in)) {
      case FUNC -> {
        skipValues(in);
        skipValues(in);
      }
      case STRUCT -> {
        for (int fields = in.count(); fields > 0; fields--) {
          skipField(in);
        }
      }
      case ARRAY -> skipField(in);
      default -> throw new IndexOutOfBoundsException();
    }
  }

  // Reads the form of a type, which follows what is said about the supertypes.
  private static int composite(ByteReader in) {
    int form = in.u8();
    if (form == SUB || form == SUB_FINAL) {
      for (int supertypes = in.count(); supertypes > 0; supertypes--) {
        in.uleb();
      }
      form = in.u8();
    }
    return form;
  }

  private static void skipValues(ByteReader in) {
    for (int n = in.count(); n > 0; n--) {
      ValueTypes.skip(in);
    }
  }

  private static void skipField(ByteReader in) {
    int code = in.peek();
    if (code == PACKED_FIRST || code == PACKED_FIRST + 1) {
      in.u8();
    } else {
      ValueTypes.skip(in);
    }
    in.u8(); // whether the field can change
  }

  private ByteReader type(int index) {
    if (index >= count) {
      throw new IndexOutOfBoundsException();
    }
    ByteReader in = ByteReader.from(bytes, places[index / STEP]);
    for (int before = index % STEP; before > 0; before--) {
      skipHeads(in);
      skip(in);
    }
    skipHeads(in);
    return in;
  }

  // Skips the heads of the groups that begin here. All but the last are empty.
  private static void skipHeads(ByteReader in) {
    while (in.peek() == REC) {
      in.u8();
      in.uleb();
    }
  }

  /**
   * Returns a function type.
   *
   * @param where the place of an item of that type
   * @throws IndexOutOfBoundsException if no function type has that index
   * @throws UnsupportedOperationException if the type refers to too many heap types
   */
  FuncType func(int index, int where) {
    @Nullable FuncType[] page = page(index);
    FuncType known = page[index & PAGE - 1];
    if (known == null) {
      ByteReader in = type(index);
      if (composite(in) != FUNC) {
        throw new IndexOutOfBoundsException();
      }
      known = func(in, where);
      page[index & PAGE - 1] = known;
    }
    if (known == NOT_DESCRIBED) {
      throw tooManyHeapTypes();
    }
    return known;
  }

  private FuncType func(ByteReader in, int where) {
    try {
      List<ValType> params = values(in, where, 0);
      return new FuncType(params, values(in, where, params.size()));
    } catch (UnsupportedOperationException e) {
      return NOT_DESCRIBED; // for ever: the number of described heap types only grows
    }
  }

  private UnsupportedOperationException tooManyHeapTypes() {
    return new UnsupportedOperationException(
        "it refers to a type that the module defines, of which %s are described at most"
            .formatted(mostHeapTypes));
  }

  // Where two threads make the same page, one page is lost, and its types are decoded again.
  private @Nullable FuncType[] page(int index) {
    if (index >= count) {
      throw new IndexOutOfBoundsException();
    }
    @Nullable FuncType[] page = funcs[index >> PAGE_BITS];
    if (page == null) {
      page = new FuncType[PAGE];
      funcs[index >> PAGE_BITS] = page;
    }
    return page;
  }

  private List<ValType> values(ByteReader in, int where, int position) {
    int size = in.count();
    int from = in.position();
    boolean ofOneByte = size <= in.remaining();
    for (int i = 0; ofOneByte && i < size; i++) {
      ofOneByte = ValueTypes.ofByte(bytes[from + i]) != null;
    }
    if (ofOneByte) {
      in.skip(size);
      return size == 0 ? List.of() : new EncodedTypes(bytes, from, size);
    }
    ValType[] values = new ValType[Math.min(size, in.remaining())];
    for (int i = 0; i < size; i++) {
      values[i] = value(in, where, position + i);
    }
    return List.of(values);
  }

  /**
   * Reads a value type.
   *
   * @param where the place of an item that has the value type
   * @param position which of the item's value types it is, from 0
   */
  ValType value(ByteReader in, int where, int position) {
    int code = in.u8();
    if (code != ValueTypes.REF && code != ValueTypes.REF_NULL) {
      ValType type = ValueTypes.ofByte(code);
      if (type == null) {
        throw new IndexOutOfBoundsException();
      }
      return type;
    }
    boolean nullable = code == ValueTypes.REF_NULL;
    long heap = in.sleb();
    return heap < 0
        ? ValueTypes.reference(nullable, heap)
        : reference(nullable, heap, where, position);
  }

  private RefType reference(boolean nullable, long index, int where, int position) {
    if (index >= count) {
      throw new IndexOutOfBoundsException();
    }
    int key = 2 * (int) index + (nullable ? 3 : 2); // never 0
    synchronized (references) {
      RefType known = references.get(key);
      if (known == null) {
        RefType other = references.get(key ^ 1);
        known =
            new RefType(
                nullable,
                other != null ? other.heapType() : heapType((int) index, where, position));
        references.put(key, known);
      }
      return known;
    }
  }

  private ConcreteHeapType heapType(int index, int where, int position) {
    if (heapTypes == mostHeapTypes) {
      throw tooManyHeapTypes();
    }
    nativeTypes.keep();
    ConcreteHeapType type =
        switch (composite(type(index))) {
          case FUNC -> factory.func(nativeTypes, where, position);
          case STRUCT -> factory.struct(nativeTypes, where, position);
          case ARRAY -> factory.array(nativeTypes, where, position);
          default -> throw new IndexOutOfBoundsException();
        };
    heapTypes++;
    return type;
  }

  /** A map from positive numbers to types, which takes less room than the JDK's maps. */
  private static final class References {
    private int[] keys = new int[16];
    private @Nullable RefType[] types = new RefType[16];
    private int size;

    @Nullable RefType get(int key) {
      return types[slot(keys, key)];
    }

    void put(int key, RefType type) {
      if (++size > keys.length / 4 * 3) {
        int[] moreKeys = new int[2 * keys.length];
        @Nullable RefType[] moreTypes = new RefType[moreKeys.length];
        for (int i = 0; i < keys.length; i++) {
          int slot = slot(moreKeys, keys[i]);
          moreKeys[slot] = keys[i];
          moreTypes[slot] = types[i];
        }
        keys = moreKeys;
        types = moreTypes;
      }
      int slot = slot(keys, key);
      keys[slot] = key;
      types[slot] = type;
    }

    private static int slot(int[] keys, int key) {
      int slot = key * 0x9e3779b9 >>> 7 & keys.length - 1;
      while (keys[slot] != 0 && keys[slot] != key) {
        slot = slot + 1 & keys.length - 1;
      }
      return slot;
    }
  }
}
