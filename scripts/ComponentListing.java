import io.github.wasmtimejvm.binary.Component;
import io.github.wasmtimejvm.binary.ComponentExtern;
import io.github.wasmtimejvm.binary.ComponentFunction;
import io.github.wasmtimejvm.binary.ComponentFunctionType;
import io.github.wasmtimejvm.binary.ComponentInstance;
import io.github.wasmtimejvm.binary.ComponentItem;
import io.github.wasmtimejvm.binary.ComponentTypeDefinition;
import io.github.wasmtimejvm.binary.DefinedType;
import io.github.wasmtimejvm.binary.NamedType;
import io.github.wasmtimejvm.binary.PrimitiveType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists what a component imports and exports, a line for each function and type. */
final class ComponentListing {
  // What the interface exports that is listed.
  private static Map<String, ComponentItem> exported = Map.of();

  private ComponentListing() {}

  public static void main(String[] args) throws Exception {
    Component component = Component.read(Files.readAllBytes(Path.of(args[0])));
    list("import", component.imports());
    list("export", component.exports());
  }

  private static void list(String direction, Map<String, ComponentExtern> externs) {
    externs.forEach((name, extern) -> print(direction + " " + name, extern.item(), direction));
  }

  private static void print(String path, ComponentItem item, String direction) {
    switch (item) {
      case ComponentInstance instance -> {
        exported = instance.exports();
        exported.forEach((name, inner) -> print(path + " " + name, inner, direction));
        exported = Map.of();
      }
      case ComponentFunction function -> {
        if (direction.equals("export")
            && !(function.definition() instanceof ComponentFunction.Lift)) {
          throw new IllegalStateException("No core function is known for " + path);
        }
        System.out.println(path + ": " + signature(function.type()));
      }
      case ComponentTypeDefinition type ->
          System.out.println(path + " = " + definition(type.unnamed()));
      default -> System.out.println(path + " " + item.sort());
    }
  }

  private static String signature(ComponentFunctionType type) {
    String parameters =
        type.parameters().stream()
            .map(field -> field.name() + ": " + use(field.type()))
            .collect(Collectors.joining(", ", "(", ")"));
    return (type.async() ? "async " : "") + "func" + parameters + " -> " + use(type.result());
  }

  private static String use(ComponentTypeDefinition type) {
    return switch (type) {
      case null -> "_";
      case NamedType named -> name(named);
      default -> definition(type);
    };
  }

  // A type that a component within passes on has the name of its import there.
  private static String name(NamedType type) {
    if (exported.get(type.name()) instanceof NamedType same && same.unnamed() == type.unnamed()) {
      return type.name();
    }
    return exported.entrySet().stream()
        .filter(
            export ->
                export.getValue() instanceof NamedType other && other.unnamed() == type.unnamed())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(type.name());
  }

  private static String definition(ComponentTypeDefinition type) {
    return switch (type) {
      case PrimitiveType primitive -> primitive.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case DefinedType.RecordType record ->
          record.fields().stream()
              .map(field -> field.name() + ": " + use(field.type()))
              .collect(Collectors.joining(", ", "record(", ")"));
      case DefinedType.VariantType variant ->
          variant.cases().stream()
              .map(one -> one.name() + ": " + use(one.type()))
              .collect(Collectors.joining(", ", "variant(", ")"));
      case DefinedType.EnumType names -> "enum(" + String.join(", ", names.names()) + ")";
      case DefinedType.FlagsType names -> "flags(" + String.join(", ", names.names()) + ")";
      case DefinedType.FixedLengthListType list ->
          "list(" + use(list.element()) + ", " + list.length() + ")";
      case DefinedType.ListType list -> parts("list", list.parts());
      case DefinedType.TupleType tuple -> parts("tuple", tuple.parts());
      case DefinedType.OptionType option -> parts("option", option.parts());
      case DefinedType.MapType map -> parts("map", map.parts());
      case DefinedType.OwnType own -> parts("own", own.parts());
      case DefinedType.BorrowType borrow -> parts("borrow", borrow.parts());
      case DefinedType.ResultType result ->
          "result(" + use(result.ok()) + ", " + use(result.error()) + ")";
      case DefinedType.StreamType stream -> "stream(" + use(stream.element()) + ")";
      case DefinedType.FutureType future -> "future(" + use(future.value()) + ")";
      default -> "resource";
    };
  }

  private static String parts(String name, List<? extends ComponentTypeDefinition> parts) {
    return parts.stream()
        .map(ComponentListing::use)
        .collect(Collectors.joining(", ", name + "(", ")"));
  }
}
