package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.AnyComponent;
import io.github.wasmtimejvm.binary.ComponentExtern;
import io.github.wasmtimejvm.binary.ComponentFunction;
import io.github.wasmtimejvm.binary.ComponentFunctionType;
import io.github.wasmtimejvm.binary.ComponentInstance;
import io.github.wasmtimejvm.binary.ComponentItem;
import io.github.wasmtimejvm.binary.ComponentResourceType;
import io.github.wasmtimejvm.binary.ComponentType;
import io.github.wasmtimejvm.binary.ComponentTypeDefinition;
import io.github.wasmtimejvm.binary.ComponentValue;
import io.github.wasmtimejvm.binary.CoreModule;
import io.github.wasmtimejvm.binary.DefinedType;
import io.github.wasmtimejvm.binary.InstanceType;
import io.github.wasmtimejvm.binary.NamedType;
import io.github.wasmtimejvm.binary.PrimitiveType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the public types of what the reader found in a component. Each is made once. */
final class WitTypes {
  private final Map<Object, WitType> types = new IdentityHashMap<>();
  private final Map<ComponentResourceType, ResourceType> resources = new IdentityHashMap<>();

  /** Which names the imported resources have, before any type refers to them. */
  WitTypes(Map<String, ComponentExtern> imports, Map<String, ComponentExtern> exports) {
    imports.forEach((name, extern) -> name(extern.item(), name, name, true));
    exports.forEach((name, extern) -> name(extern.item(), name, name, false));
  }

  private void name(ComponentItem item, String name, String in, boolean imported) {
    if (item instanceof ComponentInstance instance) {
      instance.exports().forEach((export, inner) -> name(inner, export, in, imported));
    } else if (item instanceof ComponentTypeDefinition type
        && type.unnamed() instanceof ComponentResourceType resource) {
      resources.computeIfAbsent(
          resource, _ -> new ResourceType(name, imported ? in.equals(name) ? "" : in : null));
    }
  }

  /** Returns what is imported or exported, by names. */
  Map<String, WitItem> items(Map<String, ComponentExtern> externs) {
    Map<String, WitItem> items = new LinkedHashMap<>();
    externs.forEach((name, extern) -> items.put(name, item(extern.item(), name)));
    return Collections.unmodifiableMap(items);
  }

  /** Returns what a resource is in the component's bytes. */
  ComponentResourceType declared(ResourceType resource) {
    for (Map.Entry<ComponentResourceType, ResourceType> known : resources.entrySet()) {
      if (known.getValue() == resource) {
        return known.getKey();
      }
    }
    throw new IllegalArgumentException(resource + " is not of this component");
  }

  private WitItem item(ComponentItem item, String name) {
    return switch (item) {
      case ComponentFunction function -> function(function.type());
      case ComponentInstance instance -> {
        Map<String, WitItem> items = new LinkedHashMap<>();
        instance.exports().forEach((export, inner) -> items.put(export, item(inner, export)));
        yield new WitItem.Interface(Collections.unmodifiableMap(items));
      }
      case ComponentTypeDefinition type -> type(type, name);
      case CoreModule _ -> new WitItem.CoreModule();
      case AnyComponent _ -> new WitItem.Other("a component");
      case ComponentValue _ -> new WitItem.Other("a value");
    };
  }

  private WitItem type(ComponentTypeDefinition type, String name) {
    return switch (type.unnamed()) {
      case ComponentResourceType resource -> new WitItem.Resource(resource(resource, name));
      case ComponentFunctionType _ -> new WitItem.Other("a type of functions");
      case InstanceType _ -> new WitItem.Other("a type of instances");
      case ComponentType _ -> new WitItem.Other("a type of components");
      default -> new WitItem.Value(of(type));
    };
  }

  private WitItem.Function function(ComponentFunctionType type) {
    ComponentTypeDefinition result = type.result();
    return new WitItem.Function(fields(type.parameters()), result == null ? null : of(result));
  }

  private List<WitType.Field> fields(List<DefinedType.Field> fields) {
    return fields.stream().map(field -> new WitType.Field(field.name(), of(field.type()))).toList();
  }

  private ResourceType resource(ComponentTypeDefinition type, String name) {
    ComponentResourceType resource = (ComponentResourceType) type.unnamed();
    return resources.computeIfAbsent(resource, _ -> new ResourceType(name, null));
  }

  private WitType of(ComponentTypeDefinition type) {
    WitType known = types.get(type);
    if (known == null) {
      known =
          type instanceof NamedType named
              ? unnamed(named.unnamed(), named.name())
              : unnamed(type, null);
      types.put(type, known);
    }
    return known;
  }

  private WitType unnamed(ComponentTypeDefinition type, @Nullable String name) {
    return switch (type) {
      case PrimitiveType primitive -> primitive(primitive);
      case DefinedType.RecordType record -> new WitType.RecordType(name, fields(record.fields()));
      case DefinedType.VariantType variant ->
          new WitType.VariantType(
              name,
              variant.cases().stream()
                  .map(one -> new WitType.Case(one.name(), optional(one.type())))
                  .toList());
      case DefinedType.ListType list -> new WitType.ListType(of(list.element()));
      case DefinedType.TupleType tuple -> new WitType.TupleType(all(tuple.elements(), this::of));
      case DefinedType.FlagsType flags -> new WitType.FlagsType(name, flags.names());
      case DefinedType.EnumType cases -> new WitType.EnumType(name, cases.names());
      case DefinedType.OptionType option -> new WitType.OptionType(of(option.value()));
      case DefinedType.ResultType result ->
          new WitType.ResultType(optional(result.ok()), optional(result.error()));
      case DefinedType.MapType map -> new WitType.MapType(of(map.key()), of(map.value()));
      case DefinedType.OwnType own -> new WitType.OwnType(resource(own.type(), nameOf(own.type())));
      case DefinedType.BorrowType borrow ->
          new WitType.BorrowType(resource(borrow.type(), nameOf(borrow.type())));
      default ->
          throw new IllegalStateException(
              "the engine has compiled what it refuses: " + type.getClass());
    };
  }

  private static String nameOf(ComponentTypeDefinition resource) {
    return resource instanceof NamedType named ? named.name() : "resource";
  }

  private @Nullable WitType optional(@Nullable ComponentTypeDefinition type) {
    return type == null ? null : of(type);
  }

  private static <S, T> List<T> all(List<S> parts, Function<S, T> make) {
    List<T> made = new ArrayList<>(parts.size());
    parts.forEach(part -> made.add(make.apply(part)));
    return List.copyOf(made);
  }

  private static WitType primitive(PrimitiveType type) {
    if (type == PrimitiveType.ERROR_CONTEXT) {
      throw new IllegalStateException("the engine has compiled what it refuses: error-context");
    }
    return WitType.Primitive.valueOf(type.name());
  }
}
