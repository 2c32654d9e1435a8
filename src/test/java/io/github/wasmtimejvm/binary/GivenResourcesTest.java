package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resources that an inner component is given are the same ones in what its instances export. */
class GivenResourcesTest {
  // As the tools wrap each interface that a component exports.
  private static final String WRAPPING =
      """
      (component $wrap
        (import "r" (type $r (sub resource)))
        (import "make" (func $make (result (own $r))))
        (export $named "r" (type $r))
        (export "make" (func $make) (func (result (own $named)))))
      """;

  private static ComponentInstance instance(Component component, String name) {
    return (ComponentInstance) component.exports().get(name).item();
  }

  private static ComponentResourceType resource(ComponentItem item) {
    return (ComponentResourceType) ((ComponentTypeDefinition) item).unnamed();
  }

  private static ComponentItem made(ComponentInstance instance) {
    ComponentFunction make = (ComponentFunction) instance.exports().get("make");
    return ((DefinedType.OwnType) make.type().result()).type();
  }

  // The resources of all handles within a type.
  private static List<ComponentResourceType> handled(ComponentTypeDefinition type) {
    if (type.unnamed() instanceof ComponentResourceType resource) {
      return List.of(resource);
    }
    List<ComponentResourceType> found = new ArrayList<>();
    type.parts().forEach(part -> found.addAll(handled(part)));
    return found;
  }

  @Test
  void eachInstanceHasItsOwn() {
    Component component =
        ComponentText.read(
            """
            (import "a" (type $a (sub resource)))
            (import "b" (instance $b
              (export "b" (type $b (sub resource))) (export "make" (func (result (own $b))))))
            (import "make-a" (func $make-a (result (own $a))))
            (alias export $b "b" (type $tb))
            %s
            (instance $of-a (instantiate $wrap (with "r" (type $a)) (with "make" (func $make-a))))
            (instance $of-b
              (instantiate $wrap (with "r" (type $tb)) (with "make" (func $b "make"))))
            (export "of-a" (instance $of-a))
            (export "of-b" (instance $of-b))
            """
                .formatted(WRAPPING));
    ComponentResourceType a = resource(component.imports().get("a").item());
    ComponentResourceType b =
        resource(((ComponentInstance) component.imports().get("b").item()).exports().get("b"));

    assertThat(a).isNotSameAs(b);
    assertThat(resource(instance(component, "of-a").exports().get("r"))).isSameAs(a);
    assertThat(resource(made(instance(component, "of-a")))).isSameAs(a);
    assertThat(resource(instance(component, "of-b").exports().get("r"))).isSameAs(b);
    assertThat(resource(made(instance(component, "of-b")))).isSameAs(b);
  }

  @Test
  void theyAreFoundThroughInstancesAndSeveralComponents() {
    Component component =
        ComponentText.read(
            """
            (import "i" (instance $i
              (export "r" (type $r (sub resource))) (export "make" (func (result (own $r))))))
            (component $outer
              (import "x" (instance $x
                (export "r" (type $r (sub resource))) (export "make" (func (result (own $r))))))
              (alias export $x "r" (type $r))
              %s
              (instance $w
                (instantiate $wrap (with "r" (type $r)) (with "make" (func $x "make"))))
              (export "w" (instance $w)))
            (instance $o (instantiate $outer (with "x" (instance $i))))
            (alias export $o "w" (instance $w))
            (export "w" (instance $w))
            """
                .formatted(WRAPPING));

    assertThat(resource(made(instance(component, "w"))))
        .isSameAs(
            resource(((ComponentInstance) component.imports().get("i").item()).exports().get("r")));
  }

  @Test
  void theyAreFoundInTypesOfEveryKindAndTheRestStaysTheSame() {
    Component component =
        ComponentText.read(
            """
            (import "r" (type $given (sub resource)))
            (component $c
              (import "r" (type $r (sub resource)))
              (type $plain (record (field "x" u8)))
              (export $p "plain" (type $plain))
              (type $own (own $r))
              (type $lists (record (field "l" (list $own)) (field "f" (list $own 3)) (field "p" $p)))
              (type $choice
                (variant (case "none") (case "t" (tuple u8 $own)) (case "o" (option $own))))
              (type $outcome (result (map string $own) (error $own)))
              (type $later (tuple (stream $own) (future $own)))
              (export $l "lists" (type $lists))
              (export $v "choice" (type $choice))
              (import "f" (func $f (param "b" (borrow $r)) (param "l" $lists) (param "v" $choice)
                (param "o" $outcome) (param "a" $later)))
              (export "f" (func $f)))
            (import "g" (func $g (param "b" (borrow $given))))
            (instance $i (instantiate $c (with "r" (type $given)) (with "f" (func $g))))
            (export "i" (instance $i))
            """);
    ComponentResourceType given = resource(component.imports().get("r").item());
    ComponentFunction f = (ComponentFunction) instance(component, "i").exports().get("f");

    assertThat(handled(f.type())).hasSize(9).containsOnly(given);
    DefinedType.RecordType lists =
        (DefinedType.RecordType) f.type().parameters().get(1).type().unnamed();
    assertThat(lists.fields().get(2).type().unnamed())
        .isSameAs(((NamedType) instance(component, "i").exports().get("plain")).unnamed());
    assertThat(((NamedType) instance(component, "i").exports().get("lists")).unnamed())
        .as("a type that is used twice stays one")
        .isSameAs(lists);
  }

  @Test
  void anExportThatIsDeclaredToHaveSomeResourceHasTheOneThatItIs() {
    Component component =
        ComponentText.read(
            """
            (import "i" (instance $i
              (export "r" (type $r (sub resource))) (export "make" (func (result (own $r))))))
            (export "j" (instance $i) (instance
              (export "r" (type $s (sub resource))) (export "make" (func (result (own $s))))))
            """);
    ComponentResourceType r =
        resource(((ComponentInstance) component.imports().get("i").item()).exports().get("r"));

    assertThat(resource(instance(component, "j").exports().get("r"))).isSameAs(r);
    assertThat(resource(made(instance(component, "j")))).isSameAs(r);
  }

  @Test
  void manyInstancesOfLargeTypesAreRefused() {
    String text =
        """
        (import "r" (type $r (sub resource)))
        (component $c
          (import "r" (type $r (sub resource)))
          (type $o (own $r))
          (type $t (tuple %s))
          (export "t" (type $t)))
        %s
        """
            .formatted(
                "(option $o) ".repeat(3000),
                "(instance (instantiate $c (with \"r\" (type $r)))) ".repeat(100));
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(() -> ComponentText.read(text))
        .withMessageContaining("too many types");
  }
}
