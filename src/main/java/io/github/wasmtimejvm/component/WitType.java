package io.github.wasmtimejvm.component;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value that crosses the border of a component. Types of other types print as WIT
 * writes them: by their name where they have one.
 */
public sealed interface WitType {
  /** A type that is made of no other one. */
  enum Primitive implements WitType {
    /** {@code bool}. */
    BOOL,
    /** {@code s8}. */
    S8,
    /** {@code u8}. */
    U8,
    /** {@code s16}. */
    S16,
    /** {@code u16}. */
    U16,
    /** {@code s32}. */
    S32,
    /** {@code u32}. */
    U32,
    /** {@code s64}. */
    S64,
    /** {@code u64}. */
    U64,
    /** {@code f32}. */
    F32,
    /** {@code f64}. */
    F64,
    /** {@code char}: a Unicode scalar value. */
    CHAR,
    /** {@code string}. */
    STRING;

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A field of a record, or a parameter.
   *
   * @param name its name in WIT
   * @param type its type
   */
  record Field(String name, WitType type) {
    /** Creates one. Threads: any. */
    public Field {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
    }

    @Override
    public String toString() {
      return name + ": " + type;
    }
  }

  /**
   * A case of a variant.
   *
   * @param name its name in WIT
   * @param type the type of its payload, {@code null} if it has none
   */
  record Case(String name, @Nullable WitType type) {
    /** Creates one. Threads: any. */
    public Case {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return type == null ? name : name + "(" + type + ")";
    }
  }

  /**
   * {@code list}.
   *
   * @param element the type of each element
   */
  record ListType(WitType element) implements WitType {
    /** Creates one. Threads: any. */
    public ListType {
      Objects.requireNonNull(element, "element");
    }

    @Override
    public String toString() {
      return "list<" + element + ">";
    }
  }

  /**
   * {@code map}.
   *
   * @param key the type of the keys
   * @param value the type of the values
   */
  record MapType(WitType key, WitType value) implements WitType {
    /** Creates one. Threads: any. */
    public MapType {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return WitText.of("map<", List.of(key, value), ">");
    }
  }

  /**
   * {@code record}.
   *
   * @param name its name, {@code null} if it has none where it is used
   * @param fields its fields in order
   */
  record RecordType(@Nullable String name, List<Field> fields) implements WitType {
    /** Creates one. Threads: any. */
    public RecordType {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      return name != null ? name : WitText.of("record { ", fields, " }");
    }
  }

  /**
   * {@code tuple}.
   *
   * @param types the types of its fields in order
   */
  record TupleType(List<WitType> types) implements WitType {
    /** Creates one. Threads: any. */
    public TupleType {
      types = List.copyOf(types);
    }

    @Override
    public String toString() {
      return WitText.of("tuple<", types, ">");
    }
  }

  /**
   * {@code variant}.
   *
   * @param name its name, {@code null} if it has none where it is used
   * @param cases its cases in order
   */
  record VariantType(@Nullable String name, List<Case> cases) implements WitType {
    /** Creates one. Threads: any. */
    public VariantType {
      cases = List.copyOf(cases);
    }

    @Override
    public String toString() {
      return name != null ? name : WitText.of("variant { ", cases, " }");
    }
  }

  /**
   * {@code enum}.
   *
   * @param name its name, {@code null} if it has none where it is used
   * @param cases the names of its cases in order
   */
  record EnumType(@Nullable String name, List<String> cases) implements WitType {
    /** Creates one. Threads: any. */
    public EnumType {
      cases = List.copyOf(cases);
    }

    @Override
    public String toString() {
      return name != null ? name : WitText.of("enum { ", cases, " }");
    }
  }

  /**
   * {@code flags}.
   *
   * @param name its name, {@code null} if it has none where it is used
   * @param flags the names of the flags in order
   */
  record FlagsType(@Nullable String name, List<String> flags) implements WitType {
    /** Creates one. Threads: any. */
    public FlagsType {
      flags = List.copyOf(flags);
    }

    @Override
    public String toString() {
      return name != null ? name : WitText.of("flags { ", flags, " }");
    }
  }

  /**
   * {@code option}.
   *
   * @param value the type of the value that may be there
   */
  record OptionType(WitType value) implements WitType {
    /** Creates one. Threads: any. */
    public OptionType {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return "option<" + value + ">";
    }
  }

  /**
   * {@code result}.
   *
   * @param ok the type of the value of success, {@code null} if there is none
   * @param err the type of the value of failure, {@code null} if there is none
   */
  record ResultType(@Nullable WitType ok, @Nullable WitType err) implements WitType {
    @Override
    public String toString() {
      if (ok == null && err == null) {
        return "result";
      }
      return WitText.of(
          "result<", err == null ? List.of(ok) : List.of(ok == null ? "_" : ok, err), ">");
    }
  }

  /**
   * {@code own}: a handle that owns its resource.
   *
   * @param resource the type of the resource
   */
  record OwnType(ResourceType resource) implements WitType {
    /** Creates one. Threads: any. */
    public OwnType {
      Objects.requireNonNull(resource, "resource");
    }

    @Override
    public String toString() {
      return resource.name();
    }
  }

  /**
   * {@code borrow}: a handle for the time of a call.
   *
   * @param resource the type of the resource
   */
  record BorrowType(ResourceType resource) implements WitType {
    /** Creates one. Threads: any. */
    public BorrowType {
      Objects.requireNonNull(resource, "resource");
    }

    @Override
    public String toString() {
      return "borrow<" + resource.name() + ">";
    }
  }
}
