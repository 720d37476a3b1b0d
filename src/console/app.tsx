import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { Component, type ReactNode, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { queries } from './api.ts'
import { Empty } from './parts/empty.tsx'
import { GoTo } from './parts/link.tsx'
import { Loading } from './parts/loading.tsx'
import { Page } from './parts/page.tsx'
import { ProblemAlert } from './parts/problem.tsx'
import { screens } from './screens/index.ts'
import type { Screen } from './screens/screen.ts'
import { SessionGate, useSession } from './session.tsx'
import { Frame } from './shell/frame.tsx'
import { theme, tokens } from './theme.ts'
import { common, shell } from './words/index.ts'

/** The console: who is signed in, the frame around every screen, and the screens. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={tokens}>
      <QueryClientProvider client={queries}>
        <Notifications position="top-right" />
        <Router base="/console">
          <SessionGate>
            <Frame screens={screens}>
              <Suspense fallback={<Loading />}>
                <Screens />
              </Suspense>
            </Frame>
          </SessionGate>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** The screen of an address. Vendors and resellers have some addresses in common, and each sees its own there. */
function Screens() {
  const { organisation } = useSession()
  const fits = ({ kind }: Screen) => kind === undefined || kind === organisation.kind
  const own = screens.filter(fits)
  const others = screens.filter((one) => !fits(one) && !own.some(({ path }) => path === one.path))
  return (
    <Switch>
      {[...own, ...others].map((screen) => (
        <Route key={screen.path} path={screen.path}>
          <Allowed screen={screen} />
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** A screen, or why the signed-in person does not see it. */
function Allowed({ screen }: { screen: Screen }) {
  const { can, organisation } = useSession()
  const { permission, kind, component: Component } = screen
  if (kind !== undefined && kind !== organisation.kind) {
    return (
      <Page title={common.otherKind[kind]}>
        <Empty title={common.otherKind[kind]} help={common.otherKindHelp(organisation.name)}>
          <GoTo to="/">{shell.groups.start}</GoTo>
        </Empty>
      </Page>
    )
  }
  if (permission !== undefined && !can(permission)) {
    return (
      <Page title={screen.menu?.label ?? common.notFound}>
        <Empty title={permission === 'operator' ? common.operatorOnly : common.notAllowed(permission)} />
      </Page>
    )
  }
  return (
    <Guarded key={location.pathname}>
      <Component />
    </Guarded>
  )
}

function NotFound() {
  return (
    <Page title={common.notFound}>
      <Empty title={common.notFound} help={common.notFoundHelp}>
        <GoTo to="/">{shell.groups.start}</GoTo>
      </Empty>
    </Page>
  )
}

/** Keeps a broken screen from taking the others with it. React has no function for this. */
class Guarded extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override render() {
    if (this.state.error === undefined) return this.props.children
    return <ProblemAlert error={this.state.error} retry={() => this.setState({ error: undefined })} />
  }
}
