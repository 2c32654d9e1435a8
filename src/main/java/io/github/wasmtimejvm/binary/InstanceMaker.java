package io.github.wasmtimejvm.binary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes instances: of a type, of exports, and of a component with its arguments. */
final class InstanceMaker {
  private final ComponentInput in;
  private final ComponentLimits limits;

  InstanceMaker(ComponentInput in, ComponentLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  ComponentInstance make(@Nullable ImportPath origin, Map<String, ComponentItem> exports) {
    limits.export(in, exports.size() + 1);
    return limits.add(in, new ComponentInstance(origin, Collections.unmodifiableMap(exports)));
  }

  /** Makes what a declaration stands for. */
  ComponentItem item(TypeDeclaration declaration, @Nullable ImportPath origin) {
    CoreModuleType module = declaration.moduleType();
    if (module != null) {
      return new CoreModule.Imported(origin, module);
    }
    ComponentTypeDefinition type = declaration.type();
    if (type == null) {
      throw in.malformed("A declaration has no type");
    }
    return switch (declaration.sort()) {
      case CORE_MODULE, TYPE -> type;
      case FUNCTION ->
          new ComponentFunction(
              new ComponentFunction.Imported(origin), (ComponentFunctionType) type);
      case VALUE -> new ComponentValue((ComponentValueType) type);
      case COMPONENT -> new AnyComponent.Imported(origin, (ComponentType) type);
      case INSTANCE -> instance(((InstanceType) type).exports(), origin);
    };
  }

  private ComponentInstance instance(
      List<TypeDeclaration> declarations, @Nullable ImportPath origin) {
    Map<String, ComponentItem> exports = new LinkedHashMap<>();
    for (TypeDeclaration declaration : declarations) {
      String name = declaration.name().name();
      ImportPath path = origin == null ? null : origin.then(name);
      ItemReader.put(in, exports, name, item(declaration, path));
    }
    return make(origin, exports);
  }

  /** Instantiates a component. */
  ComponentInstance instantiate(AnyComponent component, Map<String, ComponentItem> arguments) {
    return switch (component) {
      case AnyComponent.Imported imported -> instance(imported.type().exports(), null);
      case Component read -> {
        ResourceReplacement resources = new ResourceReplacement(in, limits);
        read.imports().forEach((name, extern) -> resources.put(extern.item(), arguments.get(name)));
        Map<String, ComponentItem> exports = new LinkedHashMap<>();
        read.exports()
            .forEach(
                (name, export) ->
                    exports.put(name, replace(export.item(), read, arguments, resources)));
        yield make(null, exports);
      }
    };
  }

  // Puts the arguments in the places of the imports. Types other than resources stay those that the
  // component names.
  private ComponentItem replace(
      ComponentItem item,
      Component component,
      Map<String, ComponentItem> arguments,
      ResourceReplacement resources) {
    return switch (item) {
      case ComponentFunction(ComponentFunction.Imported(ImportPath origin), var type)
          when origin != null ->
          new ComponentFunction(
              argument(origin, arguments, ComponentFunction.class).definition(),
              resources.in(type));
      case ComponentFunction(var definition, var type) ->
          new ComponentFunction(definition, resources.in(type));
      case ComponentTypeDefinition type -> resources.in(type);
      case CoreModule.Imported(ImportPath origin, var type)
          when origin != null && imported(component, origin) == item ->
          argument(origin, arguments, CoreModule.class);
      case AnyComponent.Imported(ImportPath origin, var type)
          when origin != null && imported(component, origin) == item ->
          argument(origin, arguments, AnyComponent.class);
      case ComponentInstance instance -> {
        ImportPath origin = instance.origin();
        Map<String, ComponentItem> exports = new LinkedHashMap<>();
        instance
            .exports()
            .forEach(
                (name, export) ->
                    exports.put(name, replace(export, component, arguments, resources)));
        yield make(
            origin == null ? null : argument(origin, arguments, ComponentInstance.class).origin(),
            exports);
      }
      default -> item;
    };
  }

  // What a component imports: a module or component may come from further outside.
  private static @Nullable ComponentItem imported(Component component, ImportPath origin) {
    ComponentExtern extern = component.imports().get(origin.name());
    return extern == null ? null : export(extern.item(), origin);
  }

  private static @Nullable ComponentItem export(@Nullable ComponentItem item, ImportPath path) {
    ComponentItem found = item;
    for (String name : path.exports()) {
      found = found instanceof ComponentInstance instance ? instance.exports().get(name) : null;
    }
    return found;
  }

  private <T> T argument(ImportPath origin, Map<String, ComponentItem> arguments, Class<T> kind) {
    ComponentItem item = export(arguments.get(origin.name()), origin);
    if (!kind.isInstance(item)) {
      throw in.malformed("An argument is missing or of another kind", origin.name());
    }
    return kind.cast(item);
  }

  /** Gives an item the type that its export is declared with; a resource stays what it is. */
  ComponentItem declared(ComponentItem item, ComponentItem declaration) {
    ResourceReplacement resources = new ResourceReplacement(in, limits);
    resources.put(declaration, item);
    return declared(item, declaration, resources);
  }

  private ComponentItem declared(
      ComponentItem item, ComponentItem declaration, ResourceReplacement resources) {
    if (item.sort() != declaration.sort()) {
      throw in.malformed("An export is declared as a " + declaration.sort());
    }
    return switch (item) {
      case ComponentFunction function ->
          new ComponentFunction(
              function.definition(), resources.in(((ComponentFunction) declaration).type()));
      case ComponentTypeDefinition _ -> resources.in((ComponentTypeDefinition) declaration);
      case ComponentInstance instance -> {
        Map<String, ComponentItem> exports = new LinkedHashMap<>();
        ((ComponentInstance) declaration)
            .exports()
            .forEach(
                (name, export) -> {
                  ComponentItem inner = instance.exports().get(name);
                  if (inner == null) {
                    throw in.malformed("An instance lacks a declared export", name);
                  }
                  exports.put(name, declared(inner, export, resources));
                });
        yield make(instance.origin(), exports);
      }
      default -> item;
    };
  }
}
