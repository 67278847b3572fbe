using Testing;

[assembly: AssemblyFixture(typeof(TestApiFixture))]
