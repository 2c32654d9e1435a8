package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the resources that a component is given in the places of those that it declares, in the
 * types of what it exports. A type without such a resource stays the same object, and so stays what
 * several types share.
 */
final class ResourceReplacement {
  private final ComponentInput in;
  private final ComponentLimits limits;
  private final Map<ComponentTypeDefinition, ComponentTypeDefinition> types =
      new IdentityHashMap<>();
  private boolean isEmpty = true;

  ResourceReplacement(ComponentInput in, ComponentLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** Notes what is given for what is declared, where that is a resource or has some. */
  void put(ComponentItem declared, @Nullable ComponentItem given) {
    limits.visit(in);
    if (declared instanceof ComponentInstance instance
        && given instanceof ComponentInstance argument) {
      instance.exports().forEach((name, item) -> put(item, argument.exports().get(name)));
    } else if (declared instanceof ComponentTypeDefinition type
        && type.unnamed() instanceof ComponentResourceType resource
        && !resource.isDefined()
        && given instanceof ComponentTypeDefinition argument
        && argument.unnamed() instanceof ComponentResourceType actual
        && actual != resource) {
      types.put(resource, actual);
      isEmpty = false;
    }
  }

  /** Returns a type with the resources that are given. */
  ComponentTypeDefinition in(ComponentTypeDefinition type) {
    if (isEmpty) {
      return type;
    }
    ComponentTypeDefinition known = types.get(type);
    if (known == null) {
      limits.visit(in);
      known = replace(type);
      types.put(type, known);
    }
    return known;
  }

  /** Returns the type of a function with the resources that are given. */
  ComponentFunctionType in(ComponentFunctionType type) {
    return (ComponentFunctionType) in((ComponentTypeDefinition) type);
  }

  private ComponentValueType value(ComponentValueType type) {
    return (ComponentValueType) in(type);
  }

  private @Nullable ComponentValueType optional(@Nullable ComponentValueType type) {
    return type == null ? null : value(type);
  }

  private ComponentTypeDefinition replace(ComponentTypeDefinition type) {
    boolean changes = false;
    for (ComponentTypeDefinition part : type.parts()) {
      changes |= in(part) != part;
    }
    return changes ? limits.add(in, changed(type)) : type;
  }

  private ComponentTypeDefinition changed(ComponentTypeDefinition type) {
    return switch (type) {
      case NamedType named -> new NamedType(named.name(), in(named.unnamed()));
      case ComponentFunctionType function ->
          new ComponentFunctionType(
              function.async(),
              fields(function.parameters()),
              optional(function.result()),
              function.bytes());
      case DefinedType defined -> changed(defined);
      // These only say what something else has to be.
      case InstanceType _, ComponentType _, ComponentResourceType _, PrimitiveType _ -> type;
    };
  }

  private DefinedType changed(DefinedType type) {
    return switch (type) {
      case DefinedType.RecordType record -> new DefinedType.RecordType(fields(record.fields()));
      case DefinedType.VariantType variant -> {
        List<DefinedType.Case> cases = new ArrayList<>();
        for (DefinedType.Case one : variant.cases()) {
          cases.add(new DefinedType.Case(one.name(), optional(one.type())));
        }
        yield new DefinedType.VariantType(List.copyOf(cases));
      }
      case DefinedType.ListType list -> new DefinedType.ListType(value(list.element()));
      case DefinedType.FixedLengthListType list ->
          new DefinedType.FixedLengthListType(value(list.element()), list.length());
      case DefinedType.TupleType tuple ->
          new DefinedType.TupleType(tuple.elements().stream().map(this::value).toList());
      case DefinedType.OptionType option -> new DefinedType.OptionType(value(option.value()));
      case DefinedType.ResultType result ->
          new DefinedType.ResultType(optional(result.ok()), optional(result.error()));
      case DefinedType.MapType map -> new DefinedType.MapType(value(map.key()), value(map.value()));
      case DefinedType.StreamType stream -> new DefinedType.StreamType(optional(stream.element()));
      case DefinedType.FutureType future -> new DefinedType.FutureType(optional(future.value()));
      case DefinedType.OwnType own -> new DefinedType.OwnType(in(own.type()));
      case DefinedType.BorrowType borrow -> new DefinedType.BorrowType(in(borrow.type()));
      case DefinedType.FlagsType _, DefinedType.EnumType _ -> type;
    };
  }

  private List<DefinedType.Field> fields(List<DefinedType.Field> fields) {
    return fields.stream()
        .map(field -> new DefinedType.Field(field.name(), value(field.type())))
        .toList();
  }
}
