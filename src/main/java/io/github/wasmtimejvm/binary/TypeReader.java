package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads types, and what imports and exports are declared as. */
final class TypeReader {
  private static final int MOST = 1_000_000;

  private static final int RESOURCE = 0x3f;
  private static final int FUNCTION = 0x40;
  private static final int COMPONENT = 0x41;
  private static final int INSTANCE = 0x42;
  private static final int ASYNC_FUNCTION = 0x43;

  private static final int REPRESENTATION = 0x7f; // a resource is an i32 for its component
  private static final int REPRESENTATION_64 = 0x7e;

  private final ComponentInput in;
  private final ComponentScope scope;
  private final ComponentLimits limits;
  private final int depth;
  private final ValueTypeReader values;

  TypeReader(ComponentInput in, ComponentScope scope, ComponentLimits limits, int depth) {
    this.in = in;
    this.scope = scope;
    this.limits = limits;
    this.depth = depth;
    values = new ValueTypeReader(in, scope);
  }

  /** Reads a type and adds it to the scope. */
  void read() {
    int code = in.u8();
    ComponentTypeDefinition type =
        switch (code) {
          case RESOURCE -> resource();
          case FUNCTION -> values.function(false);
          case ASYNC_FUNCTION -> {
            in.uses(ComponentFeature.ASYNC_FUNCTIONS);
            yield values.function(true);
          }
          case COMPONENT -> body(true);
          case INSTANCE -> new InstanceType(body(false).exports());
          default -> values.definition(code);
        };
    scope.add(in, limits.add(in, type));
  }

  private ComponentResourceType resource() {
    int representation = in.u8();
    if (representation != REPRESENTATION && representation != REPRESENTATION_64) {
      throw in.unknown("representation of a resource", representation);
    }
    if (representation == REPRESENTATION_64) {
      in.uses(ComponentFeature.MEMORY64);
    }
    CoreItem destructor =
        in.flag("presence of a destructor") ? scope.coreItem(in, CoreSort.FUNCTION) : null;
    return new ComponentResourceType(true, destructor);
  }

  private ComponentType body(boolean component) {
    if (depth >= ComponentLimits.MOST_NESTED) {
      throw in.malformed("Types are nested too deep");
    }
    ComponentScope inner = new ComponentScope(scope);
    TypeReader reader = new TypeReader(in, inner, limits, depth + 1);
    List<TypeDeclaration> imports = new ArrayList<>();
    List<TypeDeclaration> exports = new ArrayList<>();
    Set<String> importNames = new HashSet<>();
    Set<String> exportNames = new HashSet<>();
    for (int n = in.count(MOST); n > 0; n--) {
      int code = in.u8();
      switch (code) {
        case 0 -> new CoreTypeReader(in).read(inner);
        case 1 -> reader.read();
        case 2 -> ItemReader.alias(in, inner);
        case 4 -> reader.declare(exports, exportNames);
        case 3 -> {
          if (!component) {
            throw in.malformed("The type of an instance has imports");
          }
          reader.declare(imports, importNames);
        }
        default -> throw in.unknown("declaration", code);
      }
    }
    return new ComponentType(List.copyOf(imports), List.copyOf(exports));
  }

  private void declare(List<TypeDeclaration> declarations, Set<String> names) {
    TypeDeclaration declaration = declaration(ItemReader.name(in));
    if (!names.add(declaration.name().name())) {
      throw in.malformed("A name is there twice", declaration.name().name());
    }
    declarations.add(declaration);
    scope.add(in, item(declaration, null));
  }

  /** Makes the item that a declaration stands for. */
  ComponentItem item(TypeDeclaration declaration, @Nullable ImportPath origin) {
    return new InstanceMaker(in, limits).item(declaration, origin);
  }

  /** Reads what a name is declared as. */
  TypeDeclaration declaration(ExternName name) {
    ComponentSort sort = ItemReader.sort(in);
    if (sort == ComponentSort.CORE_MODULE) {
      return new TypeDeclaration(name, sort, null, scope.moduleType(in));
    }
    ComponentTypeDefinition type =
        switch (sort) {
          case FUNCTION -> scope.type(in, ComponentFunctionType.class);
          case INSTANCE -> scope.type(in, InstanceType.class);
          case COMPONENT -> scope.type(in, ComponentType.class);
          case VALUE -> values.use();
          default -> bound(name.name());
        };
    return new TypeDeclaration(name, sort, type, null);
  }

  private NamedType bound(String name) {
    return in.flag("bound of a type")
        ? named(name, limits.add(in, new ComponentResourceType(false, null)))
        : named(name, scope.type(in));
  }

  /** Gives a type a name, in the place of one that it may have. */
  NamedType named(String name, ComponentTypeDefinition type) {
    return limits.add(in, new NamedType(name, type.unnamed()));
  }
}
