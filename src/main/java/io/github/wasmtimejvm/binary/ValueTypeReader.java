package io.github.wasmtimejvm.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the types of values and functions. */
final class ValueTypeReader {
  private static final int MOST_PARTS = 10_000; // fields, cases, names; as for the engine
  private static final int MOST_PARAMETERS = 1_000;
  private static final int LONGEST_FIXED_LIST = 1 << 30;

  private static final int RECORD = 0x72;
  private static final int VARIANT = 0x71;
  private static final int LIST = 0x70;
  private static final int TUPLE = 0x6f;
  private static final int FLAGS = 0x6e;
  private static final int ENUM = 0x6d;
  private static final int OPTION = 0x6b;
  private static final int RESULT = 0x6a;
  private static final int OWN = 0x69;
  private static final int BORROW = 0x68;
  private static final int FIXED_LENGTH_LIST = 0x67;
  private static final int STREAM = 0x66;
  private static final int FUTURE = 0x65;
  private static final int MAP = 0x63;

  private final ComponentInput in;
  private final ComponentScope scope;

  ValueTypeReader(ComponentInput in, ComponentScope scope) {
    this.in = in;
    this.scope = scope;
  }

  /** Reads the type of a value where it is used: a primitive one, or an index. */
  ComponentValueType use() {
    PrimitiveType primitive = PrimitiveType.of(in.peek());
    if (primitive != null) {
      in.u8();
      noteFeature(primitive);
      return primitive;
    }
    if (in.peek() >= 0x40 && in.peek() < 0x80) {
      throw in.unknown("type of a value", in.peek());
    }
    ComponentTypeDefinition type = scope.signedType(in);
    ComponentScope.require(in, type, ComponentValueType.class);
    return (ComponentValueType) type;
  }

  private @Nullable ComponentValueType optionalUse() {
    return in.flag("presence of a type") ? use() : null;
  }

  private ComponentTypeDefinition resource() {
    ComponentTypeDefinition type = scope.type(in);
    ComponentScope.require(in, type, ComponentResourceType.class);
    return type;
  }

  /** Reads the definition of a type after its code. */
  ComponentValueType definition(int code) {
    PrimitiveType primitive = PrimitiveType.of(code);
    if (primitive != null) {
      noteFeature(primitive);
      return primitive;
    }
    DefinedType type = defined(code);
    noteFeature(type);
    return type;
  }

  private void noteFeature(ComponentValueType type) {
    switch (type) {
      case PrimitiveType primitive when primitive == PrimitiveType.ERROR_CONTEXT ->
          in.uses(ComponentFeature.ERROR_CONTEXTS);
      case DefinedType.FixedLengthListType _ -> in.uses(ComponentFeature.FIXED_LENGTH_LISTS);
      case DefinedType.StreamType _ -> in.uses(ComponentFeature.STREAMS);
      case DefinedType.FutureType _ -> in.uses(ComponentFeature.FUTURES);
      case DefinedType.MapType _ -> in.uses(ComponentFeature.MAPS);
      default -> {} // on by default
    }
  }

  private DefinedType defined(int code) {
    return switch (code) {
      case RECORD -> new DefinedType.RecordType(some(in.list(MOST_PARTS, this::field)));
      case VARIANT -> new DefinedType.VariantType(some(in.list(MOST_PARTS, this::variantCase)));
      case LIST -> new DefinedType.ListType(use());
      case TUPLE -> new DefinedType.TupleType(some(in.list(MOST_PARTS, this::use)));
      case FLAGS -> new DefinedType.FlagsType(some(in.list(MOST_PARTS, in::name)));
      case ENUM -> new DefinedType.EnumType(some(in.list(MOST_PARTS, in::name)));
      case OPTION -> new DefinedType.OptionType(use());
      case RESULT -> new DefinedType.ResultType(optionalUse(), optionalUse());
      case OWN -> new DefinedType.OwnType(resource());
      case BORROW -> new DefinedType.BorrowType(resource());
      case FIXED_LENGTH_LIST -> new DefinedType.FixedLengthListType(use(), length());
      case STREAM -> new DefinedType.StreamType(optionalUse());
      case FUTURE -> new DefinedType.FutureType(optionalUse());
      case MAP -> new DefinedType.MapType(use(), use());
      default -> throw in.unknown("type", code);
    };
  }

  private <T> List<T> some(List<T> parts) {
    if (parts.isEmpty()) {
      throw in.malformed("A type has no parts");
    }
    return parts;
  }

  private int length() {
    int length = in.u32();
    if (length == 0 || length > LONGEST_FIXED_LIST) {
      throw in.malformed("A list cannot have the length " + length);
    }
    return length;
  }

  private DefinedType.Field field() {
    return new DefinedType.Field(in.name(), use());
  }

  private DefinedType.Case variantCase() {
    DefinedType.Case one = new DefinedType.Case(in.name(), optionalUse());
    in.expect(0, "end of a case");
    return one;
  }

  ComponentFunctionType function(boolean async) {
    int from = in.position() - 1; // with the code before
    List<DefinedType.Field> parameters = in.list(MOST_PARAMETERS, this::field);
    ComponentValueType result = result();
    return new ComponentFunctionType(
        async, parameters, result, new ComponentFunctionType.Bytes(from, in.position()));
  }

  /** Reads the result of a function, of which there is one at most. */
  @Nullable ComponentValueType result() {
    if (in.flag("kind of result")) {
      in.expect(0, "number of results");
      return null;
    }
    return use();
  }
}
