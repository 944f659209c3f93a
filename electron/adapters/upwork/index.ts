export { createUpworkTester, type UpworkOptions } from './upworkTester'
