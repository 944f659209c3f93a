@rem Scripts of package.json begin with `exec`, so that signals reach the program and not a shell around it; cmd.exe, which has none, finds this.
@%*
