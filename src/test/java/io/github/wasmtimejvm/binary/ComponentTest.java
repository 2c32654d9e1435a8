package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sections of components: what is imported, exported, lifted and lowered. */
class ComponentTest {
  private static final byte[] BYTES = ComponentText.bytes(ComponentText.EVERYTHING);

  private final Component component = Component.read(BYTES);

  private static ComponentFunction.Lift lift(ComponentItem item) {
    return (ComponentFunction.Lift) ((ComponentFunction) item).definition();
  }

  private ComponentInstance exported(String name) {
    return (ComponentInstance) component.exports().get(name).item();
  }

  @Test
  void importsHaveNamesVersionsAndKinds() {
    assertThat(component.imports().keySet()).containsExactly("log", "mod", "ns:pkg/types@1.2.3");
    ExternName types = component.imports().get("ns:pkg/types@1.2.3").name();
    assertThat(types.version()).isEqualTo("1.2.3");
    assertThat(types.withoutVersion()).isEqualTo("ns:pkg/types");
    assertThat(component.imports().get("log").name().version()).isNull();
    assertThat(component.imports().values())
        .extracting(one -> one.item().sort())
        .containsExactly(ComponentSort.FUNCTION, ComponentSort.CORE_MODULE, ComponentSort.INSTANCE);
  }

  @Test
  void anImportedInterfaceNamesItsTypesWhereTheyAreUsed() {
    ComponentInstance types =
        (ComponentInstance) component.imports().get("ns:pkg/types@1.2.3").item();
    assertThat(types.exports().keySet()).containsExactly("point", "res", "[method]res.m");

    ComponentFunction method = (ComponentFunction) types.exports().get("[method]res.m");
    NamedType point = (NamedType) method.type().result();
    assertThat(point).isSameAs(types.exports().get("point"));
    assertThat(point.name()).isEqualTo("point");
    assertThat(point.unnamed().parts()).isEqualTo(List.of(PrimitiveType.U32, PrimitiveType.STRING));
    DefinedType.BorrowType self =
        (DefinedType.BorrowType) method.type().parameters().getFirst().type();
    assertThat(self.type()).isSameAs(types.exports().get("res"));
    assertThat(self.type().unnamed()).isInstanceOf(ComponentResourceType.class);
    assertThat(method.definition())
        .isEqualTo(
            new ComponentFunction.Imported(ImportPath.of("ns:pkg/types@1.2.3", "[method]res.m")));
  }

  @Test
  void theTypeOfAnImportedModuleSaysItsImportsAndExports() {
    CoreModule.Imported module = (CoreModule.Imported) component.imports().get("mod").item();
    assertThat(module.type().imports())
        .containsExactly(new CoreModuleType.Declaration("a", "b", CoreSort.FUNCTION));
    assertThat(module.type().exports())
        .containsExactly(
            new CoreModuleType.Declaration("", "m", CoreSort.MEMORY),
            new CoreModuleType.Declaration("", "g", CoreSort.GLOBAL));
  }

  @Test
  void anExportedFunctionSaysWhichCoreFunctionItLiftsAndHow() {
    ComponentFunction.Lift lift = lift(component.exports().get("greet").item());

    CoreItem.Export function = (CoreItem.Export) lift.function();
    assertThat(function.name()).isEqualTo("f");
    assertThat(function.instance().number()).isZero();
    assertThat(function.instance().module()).isEqualTo(component.coreModules().getFirst());
    CanonicalOptions options = lift.options();
    assertThat(options.encoding()).isEqualTo(StringEncoding.UTF16);
    assertThat(options.memory())
        .isEqualTo(new CoreItem.Export(CoreSort.MEMORY, function.instance(), "m"));
    assertThat(options.realloc())
        .isEqualTo(new CoreItem.Export(CoreSort.FUNCTION, function.instance(), "r"));
    assertThat(options.postReturn())
        .isEqualTo(new CoreItem.Export(CoreSort.FUNCTION, function.instance(), "p"));
    assertThat(options.async()).isFalse();
    assertThat(options.callback()).isNull();
  }

  @Test
  void aFunctionThatPassesThroughANestedComponentIsStillTheLift() {
    ComponentInstance greeter = exported("ns:pkg/greeter@2.0.0");
    assertThat(greeter.exports().keySet()).containsExactly("color", "greet");
    assertThat(lift(greeter.exports().get("greet")))
        .isSameAs(lift(component.exports().get("greet").item()));
    assertThat(greeter.exports().get("color"))
        .usingRecursiveComparison()
        .isEqualTo(new NamedType("color", new DefinedType.EnumType(List.of("a", "b"))));
  }

  @Test
  void aModuleIsARangeOfTheBytes() {
    CoreModule.Bytes module = (CoreModule.Bytes) component.coreModules().getFirst();
    assertThat(ByteReader.from(BYTES, module.from()).u32()).isEqualTo(0x6d736100L);
    assertThat(module.to()).isGreaterThan(module.from() + 50);
  }

  @Test
  void coreInstancesSayWhereTheImportsOfTheirModuleComeFrom() {
    CoreInstance.OfExports shim = (CoreInstance.OfExports) component.coreInstances().get(0);
    CoreInstance.OfModule main = (CoreInstance.OfModule) component.coreInstances().get(1);
    assertThat(main.arguments()).containsOnly(Map.entry("env", shim));
    assertThat(((CoreItem.ResourceFunction) shim.exports().get("d")).operation())
        .isEqualTo(CoreItem.ResourceFunction.Operation.DROP);
    CoreItem.Lower lower = (CoreItem.Lower) shim.exports().get("l");
    assertThat(lower.function()).isSameAs(component.imports().get("log").item());
  }

  @Test
  void theComponentHasItsNameAndSections() {
    assertThat(component.name()).isEqualTo("everything");
    assertThat(component.customSections())
        .extracting(CustomSection::name)
        .contains("component-name");
    assertThat(component.components()).hasSize(1);
    assertThat(component.start()).isNull();
  }

  @Test
  void aResourceKnowsItsDestructorAndTheNameOfItsExport() {
    Component one =
        ComponentText.read(
            """
            (core module $m (func (export "d") (param i32)))
            (core instance $i (instantiate $m))
            (type $r (resource (rep i32) (dtor (core func $i "d"))))
            (core func $new (canon resource.new $r))
            (export $e "res" (type $r))
            (func (export "make") (param "n" u32) (result (own $e))
              (canon lift (core func $new)))
            """);
    NamedType resource = (NamedType) one.exports().get("res").item();
    ComponentResourceType type = (ComponentResourceType) resource.unnamed();
    assertThat(type.isDefined()).isTrue();
    assertThat(((CoreItem.Export) type.destructor()).name()).isEqualTo("d");
    ComponentFunction make = (ComponentFunction) one.exports().get("make").item();
    assertThat(((DefinedType.OwnType) make.type().result()).type()).isSameAs(resource);
    assertThat(lift(make).function())
        .isEqualTo(new CoreItem.ResourceFunction(CoreItem.ResourceFunction.Operation.NEW, type));
  }

  @Test
  void aDeclaredTypeOfAnExportCountsWhereThereIsOne() {
    Component one =
        ComponentText.read(
            """
            (type $c (enum "a"))
            (import "f" (func $f (param "c" $c)))
            (export $named "color" (type $c))
            (export "g" (func $f) (func (param "c" $named)))
            """);
    ComponentFunction g = (ComponentFunction) one.exports().get("g").item();
    assertThat(g.type().parameters().getFirst().type())
        .isEqualTo(one.exports().get("color").item());
    assertThat(g.definition())
        .isEqualTo(((ComponentFunction) one.imports().get("f").item()).definition());
  }

  @Test
  void outerAliasesReachTheTypesModulesAndComponentsOutside() {
    Component one =
        ComponentText.read(
            """
            (type $t (tuple u8 u8))
            (core module $m)
            (component $c)
            (component
              (alias outer 1 $t (type $a)) (export "t" (type $a))
              (alias outer 1 $m (core module $b)) (export "m" (core module $b))
              (alias outer 1 $c (component $d)) (export "c" (component $d)))
            """);
    Component inner = (Component) one.components().get(1);
    assertThat(inner.exports().get("m").item()).isSameAs(one.coreModules().getFirst());
    assertThat(inner.exports().get("c").item()).isSameAs(one.components().getFirst());
    assertThat(((NamedType) inner.exports().get("t").item()).unnamed())
        .usingRecursiveComparison()
        .isEqualTo(new DefinedType.TupleType(List.of(PrimitiveType.U8, PrimitiveType.U8)));
  }

  @Test
  void importedModulesAndComponentsOfTheOuterComponentPassThroughAnInnerOne() {
    Component one =
        ComponentText.read(
            """
            (import "m" (core module $m (export "f" (func))))
            (import "c" (component $c))
            (component $inner
              (import "own" (core module $own))
              (alias outer 1 $m (core module $a)) (export "m" (core module $a))
              (alias outer 1 $c (component $b)) (export "c" (component $b))
              (export "own" (core module $own)))
            (instance $i (instantiate $inner (with "own" (core module $m))))
            (export "i" (instance $i))
            """);
    ComponentInstance i = (ComponentInstance) one.exports().get("i").item();
    assertThat(i.exports().get("m")).isSameAs(one.imports().get("m").item());
    assertThat(i.exports().get("own")).isSameAs(one.imports().get("m").item());
    assertThat(i.exports().get("c")).isSameAs(one.imports().get("c").item());
  }

  @Test
  void componentsAreImportedWithTheirTypes() {
    Component one =
        ComponentText.read(
            """
            (import "c" (component $c
              (import "i" (func)) (export "x:y/z@0.1.0" (instance (export "f" (func))))))
            (import "i" (func $f))
            (instance $i (instantiate $c (with "i" (func $f))))
            (export "x:y/z@0.1.0" (instance $i "x:y/z@0.1.0"))
            """);
    AnyComponent.Imported c = (AnyComponent.Imported) one.imports().get("c").item();
    assertThat(c.type().imports()).extracting(d -> d.name().name()).containsExactly("i");
    ComponentInstance z = (ComponentInstance) one.exports().get("x:y/z@0.1.0").item();
    assertThat(((ComponentFunction) z.exports().get("f")).definition())
        .isEqualTo(new ComponentFunction.Imported(null));
  }

  @Test
  void aModuleIsNoComponent() {
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(() -> Component.read(Module.wat2wasm("(module)")))
        .satisfies(e -> assertThat(e.position()).isBetween(4, 6));
  }
}
