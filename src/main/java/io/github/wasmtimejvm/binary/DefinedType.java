package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types of values that are made of others or of names. Two of them are equal if they are the
 * same one: types share their parts, and to compare or print what a few bytes can mean could take
 * for ever.
 */
public abstract sealed class DefinedType implements ComponentValueType {
  private final List<? extends ComponentTypeDefinition> parts;

  private DefinedType(List<? extends ComponentTypeDefinition> parts) {
    this.parts = parts;
  }

  @Override
  public final List<? extends ComponentTypeDefinition> parts() {
    return parts;
  }

  /**
   * A field of a record, or a parameter.
   *
   * @param name the name
   * @param type the type
   */
  public record Field(String name, ComponentValueType type) {}

  /**
   * A case of a variant.
   *
   * @param name the name
   * @param type the type of what goes with the case, {@code null} if nothing does
   */
  public record Case(String name, @Nullable ComponentValueType type) {}

  /** Fields with names. */
  public static final class RecordType extends DefinedType {
    private final List<Field> fields;

    RecordType(List<Field> fields) {
      super(types(fields));
      this.fields = fields;
    }

    /** Returns the fields in order. */
    public List<Field> fields() {
      return fields;
    }
  }

  /** One of several cases. */
  public static final class VariantType extends DefinedType {
    private final List<Case> cases;

    VariantType(List<Case> cases) {
      super(payloads(cases));
      this.cases = cases;
    }

    private static List<ComponentValueType> payloads(List<Case> cases) {
      List<ComponentValueType> payloads = new ArrayList<>();
      for (Case one : cases) {
        payloads.addAll(present(one.type()));
      }
      return payloads;
    }

    /** Returns the cases in order. */
    public List<Case> cases() {
      return cases;
    }
  }

  /** Any number of elements. */
  public static final class ListType extends DefinedType {
    private final ComponentValueType element;

    ListType(ComponentValueType element) {
      super(List.of(element));
      this.element = element;
    }

    /** Returns the type of the elements. */
    public ComponentValueType element() {
      return element;
    }
  }

  /** A fixed number of elements. */
  public static final class FixedLengthListType extends DefinedType {
    private final ComponentValueType element;
    private final int length;

    FixedLengthListType(ComponentValueType element, int length) {
      super(List.of(element));
      this.element = element;
      this.length = length;
    }

    /** Returns the type of the elements. */
    public ComponentValueType element() {
      return element;
    }

    /** Returns how many elements there are, from 1 to 2<sup>30</sup>. */
    public int length() {
      return length;
    }
  }

  /** Fields without names. */
  public static final class TupleType extends DefinedType {
    private final List<ComponentValueType> elements;

    TupleType(List<ComponentValueType> elements) {
      super(elements);
      this.elements = elements;
    }

    /** Returns the types of the fields in order. */
    public List<ComponentValueType> elements() {
      return elements;
    }
  }

  /** A set of names. */
  public static final class FlagsType extends DefinedType {
    private final List<String> names;

    FlagsType(List<String> names) {
      super(List.of());
      this.names = names;
    }

    /** Returns the names in order. */
    public List<String> names() {
      return names;
    }
  }

  /** One of several names. */
  public static final class EnumType extends DefinedType {
    private final List<String> names;

    EnumType(List<String> names) {
      super(List.of());
      this.names = names;
    }

    /** Returns the names in order. */
    public List<String> names() {
      return names;
    }
  }

  /** A value or none. */
  public static final class OptionType extends DefinedType {
    private final ComponentValueType value;

    OptionType(ComponentValueType value) {
      super(List.of(value));
      this.value = value;
    }

    /** Returns the type of the value. */
    public ComponentValueType value() {
      return value;
    }
  }

  /** Success or failure. */
  public static final class ResultType extends DefinedType {
    private final @Nullable ComponentValueType ok;
    private final @Nullable ComponentValueType error;

    ResultType(@Nullable ComponentValueType ok, @Nullable ComponentValueType error) {
      super(both(present(ok), present(error)));
      this.ok = ok;
      this.error = error;
    }

    private static List<ComponentValueType> both(
        List<ComponentValueType> some, List<ComponentValueType> others) {
      List<ComponentValueType> all = new ArrayList<>(some);
      all.addAll(others);
      return all;
    }

    /** Returns the type of what goes with success, {@code null} if nothing does. */
    public @Nullable ComponentValueType ok() {
      return ok;
    }

    /** Returns the type of what goes with failure, {@code null} if nothing does. */
    public @Nullable ComponentValueType error() {
      return error;
    }
  }

  /** Keys with values. */
  public static final class MapType extends DefinedType {
    private final ComponentValueType key;
    private final ComponentValueType value;

    MapType(ComponentValueType key, ComponentValueType value) {
      super(List.of(key, value));
      this.key = key;
      this.value = value;
    }

    /** Returns the type of the keys. */
    public ComponentValueType key() {
      return key;
    }

    /** Returns the type of the values. */
    public ComponentValueType value() {
      return value;
    }
  }

  /** A stream of elements, or of nothing but their number. */
  public static final class StreamType extends DefinedType {
    private final @Nullable ComponentValueType element;

    StreamType(@Nullable ComponentValueType element) {
      super(present(element));
      this.element = element;
    }

    /** Returns the type of the elements, {@code null} if they are counted only. */
    public @Nullable ComponentValueType element() {
      return element;
    }
  }

  /** A value that comes later, or the news alone. */
  public static final class FutureType extends DefinedType {
    private final @Nullable ComponentValueType value;

    FutureType(@Nullable ComponentValueType value) {
      super(present(value));
      this.value = value;
    }

    /** Returns the type of the value, {@code null} if there is none. */
    public @Nullable ComponentValueType value() {
      return value;
    }
  }

  /** A handle that owns its resource. */
  public static final class OwnType extends DefinedType {
    private final ComponentTypeDefinition type;

    OwnType(ComponentTypeDefinition type) {
      super(List.of(type));
      this.type = type;
    }

    /** Returns the resource type, mostly a named one. */
    public ComponentTypeDefinition type() {
      return type;
    }
  }

  /** A handle for the time of a call. */
  public static final class BorrowType extends DefinedType {
    private final ComponentTypeDefinition type;

    BorrowType(ComponentTypeDefinition type) {
      super(List.of(type));
      this.type = type;
    }

    /** Returns the resource type, mostly a named one. */
    public ComponentTypeDefinition type() {
      return type;
    }
  }

  private static List<ComponentValueType> present(@Nullable ComponentValueType type) {
    return type == null ? List.of() : List.of(type);
  }

  static List<ComponentValueType> types(List<Field> fields) {
    List<ComponentValueType> types = new ArrayList<>(fields.size());
    for (Field field : fields) {
      types.add(field.type());
    }
    return types;
  }
}
