package io.github.wasmtimejvm.binary;

/** What an index of a component, an import or an export stands for; aliases are resolved. */
public sealed interface ComponentItem
    permits CoreModule,
        ComponentFunction,
        ComponentValue,
        ComponentTypeDefinition,
        AnyComponent,
        ComponentInstance {
  /** Returns the kind of item. */
  ComponentSort sort();
}
