import type { ComponentType, LazyExoticComponent } from 'react'

/** One screen: where it is, who may see it, and where it stands in the navigation. */
export type Screen = {
  /** With wouter's parameters, such as `/offers/:id`. */
  path: string
  /** What the service asks for what it shows; undefined: everybody who is signed in. */
  permission?: string
  /** Only for organisations of this kind; undefined: for all. */
  kind?: 'vendor' | 'reseller'
  /** Only where the clouds are the embedded ones. */
  sandbox?: true
  /** Its place in the navigation; undefined: it is reached from another screen. `also`: screens that belong to it. */
  menu?: {
    group: 'start' | 'sell' | 'deliver' | 'resell' | 'money' | 'settings'
    label: string
    also?: readonly string[]
  }
  // Each screen is loaded when it is first opened, so that the first one comes quickly.
  component: LazyExoticComponent<ComponentType>
}
