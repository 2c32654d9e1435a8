package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of values that are made of others or of names. */
public sealed interface DefinedType extends ComponentValueType {
  /**
   * A field of a record, or a parameter.
   *
   * @param name the name
   * @param type the type
   */
  record Field(String name, ComponentValueType type) {}

  /**
   * A case of a variant.
   *
   * @param name the name
   * @param type the type of what goes with the case, {@code null} if nothing does
   */
  record Case(String name, @Nullable ComponentValueType type) {}

  /** Fields with names. */
  record RecordType(List<Field> fields) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return types(fields);
    }
  }

  /** One of several cases. */
  record VariantType(List<Case> cases) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      List<ComponentValueType> parts = new ArrayList<>();
      for (Case one : cases) {
        parts.addAll(present(one.type()));
      }
      return parts;
    }
  }

  /** Any number of elements. */
  record ListType(ComponentValueType element) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of(element);
    }
  }

  /**
   * A fixed number of elements.
   *
   * @param element the type of each
   * @param length how many, from 1 to 2<sup>30</sup>
   */
  record FixedLengthListType(ComponentValueType element, int length) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of(element);
    }
  }

  /** Fields without names. */
  record TupleType(List<ComponentValueType> parts) implements DefinedType {}

  /** A set of names. */
  record FlagsType(List<String> names) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of();
    }
  }

  /** One of several names. */
  record EnumType(List<String> names) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of();
    }
  }

  /** A value or none. */
  record OptionType(ComponentValueType value) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of(value);
    }
  }

  /**
   * Success or failure.
   *
   * @param ok what goes with success, {@code null} if nothing does
   * @param error what goes with failure, {@code null} if nothing does
   */
  record ResultType(@Nullable ComponentValueType ok, @Nullable ComponentValueType error)
      implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      List<ComponentValueType> parts = new ArrayList<>(present(ok));
      parts.addAll(present(error));
      return parts;
    }
  }

  /** Keys with values. */
  record MapType(ComponentValueType key, ComponentValueType value) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return List.of(key, value);
    }
  }

  /** A stream of elements, or of nothing but their number. */
  record StreamType(@Nullable ComponentValueType element) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return present(element);
    }
  }

  /** A value that comes later, or the news alone. */
  record FutureType(@Nullable ComponentValueType value) implements DefinedType {
    @Override
    public List<ComponentValueType> parts() {
      return present(value);
    }
  }

  /** A handle that owns its resource. {@code type} is the resource type, mostly a named one. */
  record OwnType(ComponentTypeDefinition type) implements DefinedType {
    @Override
    public List<ComponentTypeDefinition> parts() {
      return List.of(type);
    }
  }

  /** A handle for the time of a call. {@code type} is the resource type, mostly a named one. */
  record BorrowType(ComponentTypeDefinition type) implements DefinedType {
    @Override
    public List<ComponentTypeDefinition> parts() {
      return List.of(type);
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
